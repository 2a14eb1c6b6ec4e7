import { registry } from "@web/core/registry";

/** A ladder is set up from what the company's own customers bought. */
registry.category("web_tour.tours").add("customer_retention_tier_setup", {
    url: "/odoo/retention-tier-setup",
    steps: () => [
        {
            content: "The best customer is in one of the proposed tiers",
            trigger: ".o_customer_tier_row:has(.o_customer_tier_members strong:contains(1))",
        },
        {
            content: "Three tiers will do: the highest goes",
            trigger: ".o_customer_tier_row:last-child button[title='Remove this tier']",
            run: "click",
        },
        {
            content: "Silver is moved by keyboard",
            trigger: "[role=slider][aria-label=Silver]",
            run: "press ArrowUp",
        },
        {
            content: "Gold is typed",
            trigger: ".o_customer_tier_row:last-child input[aria-label=Threshold]",
            run: "edit 5000",
        },
        {
            content: "It gets a name",
            trigger: ".o_customer_tier_name input",
            run: "edit Harbor Club",
        },
        {
            content: "One customer would be Gold",
            trigger: ".o_customer_tier_row:last-child .o_customer_tier_members strong:contains(1)",
        },
        {
            content: "The ladder is created",
            trigger: ".o_customer_tier_create:enabled",
            run: "click",
        },
        {
            content: "Its policy is a sentence",
            trigger: ".o_form_view [name=policy]:contains(Counted: Net revenue, over the last 12 months)",
        },
        {
            trigger: ".o_field_widget[name=tier_ids] .o_data_row:contains(Gold)",
        },
    ],
});

/** A quotation takes a customer to the next tier, and the reasons are at hand. */
registry.category("web_tour.tours").add("customer_retention_tier_quotation", {
    steps: () => [
        {
            content: "The line under the customer says what the quotation does",
            trigger: "div[name=customer_tier_hint]:contains(Silver):contains(Gold)",
        },
        {
            content: "Why?",
            trigger: "button[name=action_open_tier]",
            run: "click",
        },
        {
            content: "The membership shows the tier and what is missing",
            trigger: ".o_customer_tier_full .o_customer_badge:contains(Silver)",
        },
        {
            content: "It is explained",
            trigger: ".o_customer_tier_full .o_customer_tier_why",
            run: "click",
        },
        {
            content: "Down to the document that counts",
            trigger: ".o_customer_tier_explanation:contains(Silver) table button",
        },
    ],
});

/** A customer reads the own membership. */
registry.category("web_tour.tours").add("customer_retention_tier_portal", {
    steps: () => [
        {
            content: "The tile is there for members",
            trigger: ".o_portal_index_card:not(.d-none) a[href='/my/membership']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The tier",
            trigger: ".o_membership_tier:contains(Silver)",
        },
        {
            content: "What is missing to the next",
            trigger: ".o_membership_missing:contains(Gold)",
        },
        {
            content: "What it brings",
            trigger: "li:contains(Free delivery)",
        },
        {
            trigger: ".list-group-item:contains(You are here):contains(Silver)",
        },
    ],
});
