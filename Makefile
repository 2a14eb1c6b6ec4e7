# The workbench: everything is done by tools/workbench.py, which needs only Python.
PYTHON ?= python3
BENCH := $(PYTHON) tools/workbench.py

# $(call option,VARIABLE,flag): "--flag value" when the variable is given
option = $(if $($(1)),--$(2) '$($(1))')
# $(call switch,VARIABLE,flag): "--flag" when the variable is given and not 0
switch = $(if $(filter-out 0,$($(1))),--$(2))

.DEFAULT_GOAL := help
.PHONY: help setup demo test unit bench db shell serve odoo lint i18n screenshots clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

setup: ## get Odoo, the Python packages and PostgreSQL
	@$(BENCH) setup

demo: ## serve the demo company [PORT=8069] [HISTORY=purchases.csv]
	@$(BENCH) demo $(call option,PORT,port) $(call option,HISTORY,history) $(call switch,FRESH,fresh)

test: ## check and test everything [TEST=path or -k words] [ON=bare, bridges or apart] [ARGS=pytest options]
	@$(BENCH) test $(call option,TEST,only) $(call option,ON,on) $(if $(ARGS),-- $(ARGS))

unit: ## run the tests that need no database
	@$(BENCH) unit

bench: ## measure [SIZE=100k]; PEERS=1 compares complaints, FORECASTS=1 forecasts
	@$(BENCH) bench $(call option,SIZE,size) $(call switch,PEERS,peers) $(call switch,FORECASTS,forecasts) $(if $(ARGS),-- $(ARGS))

db: ## make or update a database: DB=name [DEMO=1] [BRIDGES=1] [FRESH=1]
	@$(BENCH) db $(call option,DB,db) $(call switch,DEMO,demo) $(call switch,BRIDGES,bridges) $(call switch,FRESH,fresh)

shell: ## run standard input in an Odoo shell: DB=name
	@$(BENCH) shell $(call option,DB,db)

serve: ## serve a database: DB=name [PORT=8069]
	@$(BENCH) serve $(call option,DB,db) $(call option,PORT,port)

odoo: ## run Odoo's own command line: ARGS="…" [DB=name] [PORT=8069]
	@$(BENCH) odoo $(call option,DB,db) $(call option,PORT,port) -- $(ARGS)

lint: ## check the source
	@$(BENCH) lint

i18n: ## export the terms and merge them into the translations
	@$(BENCH) i18n

screenshots: ## make the screenshots of the documentation from the demo
	@$(BENCH) screenshots $(if $(ARGS),-- $(ARGS))

clean: ## drop this checkout's databases; ALL=1 removes the shared cache too
	@$(BENCH) clean $(call switch,ALL,all)
