import { Component } from "@odoo/owl";

import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";

/**
 * For how long a customer is put off. A component of its own: the content of a menu is
 * rendered when it opens, and a loop around it would have gone to its last row by then.
 */
export class SnoozeMenu extends Component {
    static template = "customer_retention.SnoozeMenu";
    static components = { Dropdown, DropdownItem };
    static props = { row: Object, snooze: Function };

    /** How many days, in words. */
    get delays() {
        return [
            { days: 1, label: _t("Until tomorrow") },
            { days: 7, label: _t("For a week") },
            { days: 28, label: _t("For four weeks") },
            { days: 91, label: _t("For a quarter") },
        ];
    }
}
