import { onWillStart } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { SEP } from "@web/views/graph/graph_model";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

import { kindColor } from "../common/kinds";

/** Bars and slices of a condition have the color that it has everywhere else. */
export class CustomerRelationshipGraphRenderer extends GraphRenderer {
    setup() {
        super.setup();
        this.kinds = {};
        const orm = useService("orm");
        onWillStart(async () => {
            const conditions = await orm
                .cache()
                .searchRead("customer.relationship.condition", [], ["name", "kind"]);
            this.kinds = Object.fromEntries(conditions.map(({ name, kind }) => [name, kind]));
        });
    }

    /** @returns {string | undefined} color of the condition in a label, if there is one */
    conditionColor(label) {
        const { groupBy } = this.model.metaData;
        if (!groupBy.some(({ fieldName }) => fieldName === "condition_id")) {
            return;
        }
        const parts = String(label).split(SEP);
        const name = parts.find((part) => part in this.kinds);
        if (name) {
            return kindColor(this.kinds[name]);
        }
        return parts.includes(String(_t("None"))) ? kindColor("none") : undefined;
    }

    getBarChartData() {
        const data = super.getBarChartData();
        for (const dataset of data.datasets) {
            const color = this.conditionColor(dataset.label);
            if (color) {
                dataset.backgroundColor = color;
            }
        }
        return data;
    }

    getPieChartData() {
        const data = super.getPieChartData();
        const colors = data.labels.map((label) => this.conditionColor(label));
        for (const dataset of data.datasets) {
            dataset.backgroundColor = dataset.backgroundColor.map(
                (color, index) => colors[index] || color
            );
        }
        return data;
    }
}

registry.category("views").add("customer_relationship_graph", {
    ...graphView,
    Renderer: CustomerRelationshipGraphRenderer,
});
