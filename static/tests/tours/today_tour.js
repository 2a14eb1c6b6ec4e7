import { registry } from "@web/core/registry";

/** The morning of a manager: who is worth a call, why, and how did it go. */
registry.category("web_tour.tours").add("customer_retention_today", {
    url: "/odoo/today",
    steps: () => [
        {
            content: "The most money at risk comes first, with the reason and the step",
            trigger:
                ".o_customer_today_row.o_active:contains(Harbor Bakery):contains(the usual):contains(Ask)",
        },
        {
            content: "Nobody was called yet",
            trigger: ".o_customer_today_done:contains(0 of 2)",
        },
        {
            content: "Log the call",
            trigger: ".o_customer_today_row.o_active .o_customer_today_log",
            run: "click",
        },
        {
            content: "Say what was said",
            trigger: ".o_customer_today_form input",
            run: "edit The new driver comes too late",
        },
        {
            content: "One click for the result",
            trigger: ".o_customer_today_result:contains(Not Happy)",
            run: "click",
        },
        {
            content: "The customer rests, the week has one call less",
            trigger: ".o_customer_today_done:contains(1 of 2)",
        },
        {
            content: "The next one is at hand",
            trigger: ".o_customer_today_row.o_active:contains(Quay Garage)",
        },
        {
            content: "Another time",
            trigger: ".o_customer_today_row.o_active .o_customer_today_snooze",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:contains(For a week)",
            run: "click",
        },
        {
            content: "Too soon after all",
            trigger: ".o_notification:contains(Quay Garage) button:contains(Undo)",
            run: "click",
        },
        {
            content: "Enter opens the customer",
            trigger: ".o_customer_today_row.o_active:contains(Quay Garage) a:contains(Quay Garage)",
            run: "click",
        },
        {
            content: "Nobody has called yet",
            trigger: ".o_form_view .o_stat_text:contains(Last Contact)",
        },
    ],
});
