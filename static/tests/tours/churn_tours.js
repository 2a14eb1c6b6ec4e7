import { registry } from "@web/core/registry";

/**
 * Is the forecast any good? Its grade stands beside the plain rule, and the weights of
 * health beside the usual ones.
 */
registry.category("web_tour.tours").add("customer_retention_grade", {
    url: "/odoo/forecasts",
    steps: () => [
        {
            content: "The latest forecast of everybody",
            trigger: ".o_data_row .o_data_cell[name=fitted_on]",
            run: "click",
        },
        {
            content: "A sentence says which one ranks, and by how much",
            trigger: ".o_form_view [name=sentence]:contains(of 100 pairs)",
        },
        {
            content: "Its grade, beside the plain rule",
            trigger: ".o_form_view [name=model_auc]:contains(0.)",
        },
        {
            trigger: ".o_form_view [name=recency_auc]:contains(0.)",
        },
        {
            content: "What was foretold against what happened",
            trigger: ".o_form_view [name=reliability] svg circle",
        },
        {
            content: "On to the weights of health",
            trigger: "[data-menu-xmlid='customer_retention.customer_retention_configuration_menu']",
            run: "click",
        },
        {
            trigger:
                "[data-menu-xmlid='customer_retention.customer_churn_weighing_configuration_menu']",
            run: "click",
        },
        {
            content: "The version in force",
            trigger: ".o_data_row .o_data_cell[name=weighed_on]",
            run: "click",
        },
        {
            content: "Says where it comes from",
            trigger: ".o_form_view [name=sentence]:contains(weights)",
        },
        {
            content: "Set them by hand",
            trigger: ".o_form_button_create",
            run: "click",
        },
        {
            trigger: ".o_form_view h1:contains(New Weights)",
        },
        {
            content: "A complaint matters more to us",
            trigger: ".o_data_row:contains(Open complaint) [name=weight]",
            run: "click",
        },
        {
            trigger: ".o_data_row [name=weight] input",
            run: "edit 100",
        },
        {
            content: "Say why",
            trigger: "[name=note] input",
            run: "edit We promise to answer within a day",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is in force",
            trigger: ".o_form_view [name=sentence]:contains(Set by hand)",
        },
        {
            content: "Who is at risk, and how healthy they are",
            trigger: "[data-menu-xmlid='customer_retention.customer_churn_menu']",
            run: "click",
        },
        {
            trigger: ".o_data_row .o_customer_health",
            run: "click",
        },
        {
            content: "Every point that is missing is told by name",
            trigger: ".o_customer_health_popover:contains(Health):contains(of 100)",
        },
    ],
});
