import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** The telephone rings: five fields, and a number to read out. */
tours.add("customer_retention_quick_complaint", {
    url: "/odoo/complaints",
    steps: () => [
        {
            content: "The board of complaints",
            trigger: ".o_customer_complaint_kanban",
        },
        {
            content: "Open the menu",
            trigger:
                "button[data-menu-xmlid='customer_retention.customer_retention_complaints_menu']",
            run: "click",
        },
        {
            content: "Take down a complaint",
            trigger:
                ".dropdown-item[data-menu-xmlid='customer_retention.customer_complaint_quick_menu']",
            run: "click",
        },
        {
            content: "Who is it?",
            trigger: ".modal .o_field_widget[name=partner_id] input",
            run: "edit Harbor Bakery",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Harbor Bakery)",
            run: "click",
        },
        {
            content: "The customer is known: nobody asks for a name",
            trigger: ".modal:not(:has(.o_field_widget[name=caller]))",
        },
        {
            content: "What happened?",
            trigger: ".modal .o_field_widget[name=what] textarea",
            run: "edit The oven we bought is cold again.",
        },
        {
            content: "How bad is it?",
            trigger: ".modal .o_field_widget[name=severity] label:contains(High)",
            run: "click",
        },
        {
            content: "Save",
            trigger: ".modal button[name=action_create_complaint]",
            run: "click",
        },
        {
            content: "The number can be read out",
            trigger: ".modal .o_complaint_number:contains(C/)",
        },
        {
            content: "Go on with it",
            trigger: ".modal button[name=action_open_complaint]",
            run: "click",
        },
        {
            content: "Whoever took it down has acknowledged it: the next step is one button",
            trigger:
                ".o_customer_complaint_form .o_statusbar_buttons > .btn-primary:contains(Investigate)",
        },
        {
            content: "Who it is stands beside it",
            trigger: ".o_customer_card:contains(Harbor Bakery)",
        },
        {
            content: "What was promised is below",
            trigger: ".o_customer_clocks_row:contains(First Answer)",
        },
        {
            content: "Begin",
            trigger: ".o_statusbar_buttons > .btn-primary:contains(Investigate)",
            run: "click",
        },
        {
            content: "The next step follows",
            trigger: ".o_statusbar_buttons > .btn-primary:contains(Communicate Decision)",
        },
        {
            content: "Who writes sees who will read it",
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            trigger: ".o_customer_readers:contains(Harbor Bakery)",
        },
        {
            content: "A note stays inside",
            trigger: ".o-mail-Chatter-logNote",
            run: "click",
        },
        {
            trigger: ".o_customer_readers:contains(Only colleagues)",
        },
    ],
});

/** Put it right within the own limit, without asking anybody. */
tours.add("customer_retention_recovery", {
    steps: () => [
        {
            content: "The plan is empty",
            trigger: ".o_customer_complaint_form .nav-link:contains(Recovery)",
            run: "click",
        },
        {
            content: "Plan something",
            trigger: ".o_field_widget[name=action_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=action_ids] .o_selected_row [name=type_id] input",
            run: "edit Goodwill",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Goodwill)",
            run: "click",
        },
        {
            content: "How much",
            trigger: ".o_field_widget[name=action_ids] .o_selected_row [name=amount] input",
            run: "edit 20",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is within the own limit",
            trigger: ".o_field_widget[name=action_ids] [name=authority]:contains(Within Your Limit)",
        },
        {
            trigger: ".o_field_widget[name=action_ids] button[name=action_submit]",
            run: "click",
        },
        {
            content: "Approved",
            trigger: ".o_field_widget[name=action_ids] .o_data_row:contains(Approved)",
        },
        {
            trigger: ".o_field_widget[name=action_ids] button[name=action_carry_out]",
            run: "click",
        },
        {
            content: "There is a credit note for the accountants",
            trigger: ".o_field_widget[name=action_ids] button[name=action_open_document]",
        },
    ],
});
