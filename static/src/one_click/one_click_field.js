import { registry } from "@web/core/registry";
import { BadgeSelectionField, badgeSelectionField } from "@web/views/fields/badge_selection/badge_selection_field";

/**
 * Badges of which one click is all there is to do: the choice is stored at once, and
 * the chosen one clicked again takes it back.
 */
export class OneClickField extends BadgeSelectionField {
    static template = "customer_retention.OneClickField";

    async onChange(value) {
        const { record, name } = this.props;
        const [id, display_name] = this.options.find((option) => option[0] === value);
        const chosen = value === this.value ? false : { id, display_name };
        await record.update({ [name]: chosen }, { save: true });
    }
}

export const oneClickField = {
    ...badgeSelectionField,
    component: OneClickField,
    supportedTypes: ["many2one"],
};

registry.category("fields").add("customer_one_click", oneClickField);
