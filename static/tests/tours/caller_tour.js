import { registry } from "@web/core/registry";

/** Somebody calls: find, read, and decide. */
registry.category("web_tour.tours").add("customer_retention_caller", {
    url: "/odoo/caller",
    steps: () => [
        {
            content: "Type what the telephone shows",
            trigger: ".o_customer_caller input",
            run: "edit 0032 3 555 47 11",
        },
        {
            content: "The customer is found, with the position",
            trigger: ".o_customer_caller_card:contains(Harbor Bakery):contains(Repeat)",
        },
        {
            content: "Enter opens the customer",
            trigger: ".o_customer_caller input",
            run: "press Enter",
        },
        {
            content: "The ladder shows where the customer stands",
            trigger: ".o_customer_ladder_current:contains(Repeat)",
        },
        {
            content: "The facts are there",
            trigger: ".o_customer_facts:contains(Usual interval)",
        },
        {
            content: "So is the picture of the rhythm",
            trigger: ".o_customer_rhythm_dot",
        },
        {
            content: "Ask why",
            trigger: "[name=position_explanation] .o_customer_why",
            run: "click",
        },
        {
            content: "Read the reason, and decide otherwise",
            trigger: ".o_customer_explain_popover .o_customer_pin",
            run: "click",
        },
        {
            content: "Choose the position",
            trigger: ".modal .o_field_widget[name=stage_id] input",
            run: "edit Advocate",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Advocate)",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Sends us two new customers a month",
        },
        {
            trigger: ".modal button[name=action_pin]",
            run: "click",
        },
        {
            content: "The decision shows at once",
            trigger: ".o_customer_ladder_current:contains(Advocate)",
        },
        {
            trigger: "[name=position_explanation] .fa-thumb-tack",
        },
    ],
});
