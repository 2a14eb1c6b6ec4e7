import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { SettingsConfirmationDialog } from "@web/webclient/settings_form_view/settings_confirmation_dialog";

/**
 * A form in which something is tried out: only a click on "Save" puts it in force.
 *
 * Other forms save on the way out. Here the dry-run invites to change a rule just to
 * see who would move, so that whoever goes elsewhere is asked what is to become of it.
 */
export class CustomerRuleFormController extends FormController {
    /** Whoever looks at another window has not decided anything. */
    beforeVisibilityChange() {}

    /** The browser itself asks: nothing can be asked in its place. */
    async beforeUnload(event) {
        if (this.model.root.dirty) {
            event.preventDefault();
            event.returnValue = "Unsaved changes";
        }
    }

    async beforeLeave({ forceLeave } = {}) {
        if (!forceLeave) {
            return this.askToKeep();
        }
    }

    async beforeExecuteActionButton(clickParams) {
        const mayGoOn = clickParams.special === "cancel" || (await this.askToKeep());
        return mayGoOn && super.beforeExecuteActionButton(clickParams);
    }

    async shouldExecuteAction(item) {
        return (item.skipSave || (await this.askToKeep())) && super.shouldExecuteAction(item);
    }

    async onPagerUpdate(params) {
        return (await this.askToKeep()) && super.onPagerUpdate(params);
    }

    async create() {
        return (await this.askToKeep()) && super.create();
    }

    /**
     * Ask whether unsaved changes are to count from now on, or to be forgotten.
     *
     * @returns {Promise<boolean>} whether nothing is left unsaved: the way is free
     */
    async askToKeep() {
        if (!(await this.model.root.isDirty())) {
            return true;
        }
        return new Promise((resolve) => {
            this.dialogService.add(
                SettingsConfirmationDialog,
                {
                    body: _t(
                        "You have changed something without saving it. Save it, and it counts for all customers from today on?"
                    ),
                    confirm: async () => resolve(await this.saveBeforeLeaving()),
                    cancel: async () => {
                        await this.model.root.discard();
                        resolve(true);
                    },
                    stayHere: () => resolve(false),
                    dismiss: () => resolve(false),
                },
                { onClose: () => resolve(false) }
            );
        });
    }

    async saveBeforeLeaving() {
        const onError = (error, options) => this.onSaveError(error, options, true);
        return (await this.save({ reload: false, onError })) !== false;
    }
}

registry.category("views").add("customer_rule_form", {
    ...formView,
    Controller: CustomerRuleFormController,
});
