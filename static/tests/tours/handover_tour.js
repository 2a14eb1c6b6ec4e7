import { registry } from "@web/core/registry";

/** Before a leave: choose the deputy, take everybody, and hand over. */
registry.category("web_tour.tours").add("customer_retention_handover", {
    url: "/odoo/customer-handovers",
    steps: () => [
        {
            content: "Nothing was handed over yet",
            trigger: ".o_list_button_add, .o-kanban-button-new",
            run: "click",
        },
        {
            content: "Choose the deputy",
            trigger: ".o_field_widget[name=to_user_id] input",
            run: "edit Nora",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Nora Successor)",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".o_field_widget[name=reason] select, .o_field_widget[name=reason] input",
            run() {
                const field = this.anchor;
                if (field.tagName === "SELECT") {
                    field.value = '"leave"';
                    field.dispatchEvent(new Event("change", { bubbles: true }));
                } else {
                    field.click();
                }
            },
        },
        {
            trigger: ".o_select_menu_item:contains(Leave)",
            run: "click",
        },
        {
            content: "Say what holds for all of them",
            trigger: ".o_field_widget[name=note] textarea",
            run: "edit Everybody gets a call before noon",
        },
        {
            content: "The whole portfolio",
            trigger: "button[name=action_take_all]",
            run: "click",
        },
        {
            content: "The customers are there",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(Buyer)",
        },
        {
            content: "Hand over",
            trigger: "button[name=action_hand_over]",
            run: "click",
        },
        {
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "It is done, and what becomes of them will be shown",
            trigger: ".o_field_widget[name=waiting_count]",
        },
    ],
});
