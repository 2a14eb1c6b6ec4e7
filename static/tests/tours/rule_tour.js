import { registry } from "@web/core/registry";

/** A rule is changed after its dry-run has shown who would move. */
registry.category("web_tour.tours").add("customer_retention_rule", {
    url: "/odoo/retention-positions",
    steps: () => [
        {
            content: "Open a position",
            trigger: ".o_data_row .o_data_cell[name=name]:contains(Repeat)",
            run: "click",
        },
        {
            content: "Change its rule",
            trigger: ".o_customer_rule_value input",
            run: "edit 1",
        },
        {
            content: "Leave the box",
            trigger: ".o_customer_rule_sentence",
            run: "click",
        },
        {
            content: "The dry-run says who would move",
            trigger: ".o_customer_rule_preview_sentence:contains(Would change 1 of 2 customers)",
        },
        {
            content: "See the one who would",
            trigger: ".o_customer_rule_preview td button:contains(1)",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains(Quay Garage)",
        },
        {
            content: "Back to the rule, which is still unsaved",
            trigger: ".modal .btn-close",
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "A second version is in force",
            trigger: ".o_field_widget[name=version_number]:contains(2)",
        },
    ],
});
