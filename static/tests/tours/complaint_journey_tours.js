import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const PLAN = ".o_field_widget[name=action_ids]";

const openPlan = {
    content: "What is done to put it right",
    trigger: ".o_customer_complaint_form .nav-link:contains(Recovery)",
    run: "click",
};

/** Propose goodwill beyond the own limit and ask for approval. */
tours.add("customer_retention_recovery_above_limit", {
    steps: () => [
        openPlan,
        {
            content: "Plan something",
            trigger: `${PLAN} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            trigger: `${PLAN} .o_selected_row [name=type_id] input`,
            run: "edit Goodwill",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Goodwill)",
            run: "click",
        },
        {
            content: "The kind is chosen",
            trigger: `${PLAN} .o_selected_row [name=type_id] input:value(Goodwill)`,
        },
        {
            content: "More than one may give alone",
            trigger: `${PLAN} .o_selected_row [name=amount] input`,
            run: "edit 120",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Ask",
            trigger: `${PLAN} .o_data_row button[name=action_submit]`,
            run: "click",
        },
        {
            content: "It waits for somebody else",
            trigger: `${PLAN} .o_data_row:contains(Waiting):not(:has(button[name=action_approve]))`,
        },
    ],
});

/** The team's manager approves what waits. */
tours.add("customer_retention_recovery_approval", {
    steps: () => [
        openPlan,
        {
            content: "Approve",
            trigger: `${PLAN} .o_data_row:contains(Waiting) button[name=action_approve]`,
            run: "click",
        },
        {
            content: "It may be carried out",
            trigger: `${PLAN} .o_data_row:contains(Approved) button[name=action_carry_out]`,
        },
    ],
});

/** Whoever had asked carries out what was approved. */
tours.add("customer_retention_recovery_after_approval", {
    steps: () => [
        openPlan,
        {
            content: "Carry it out",
            trigger: `${PLAN} .o_data_row:contains(Approved) button[name=action_carry_out]`,
            run: "click",
        },
        {
            content: "It is under way: the credit note is there",
            trigger: `${PLAN} .o_data_row:contains(Waits for posting):not(:has(button[name=action_carry_out]))`,
        },
    ],
});

/** A customer without an account follows the link and answers. */
tours.add("customer_retention_public_follow", {
    steps: () => [
        {
            content: "Somebody is at it",
            trigger: ".alert:contains(We are working on it)",
        },
        {
            content: "Answer",
            trigger: "textarea[name=text]",
            run: "edit The neighbor has not got it either",
        },
        {
            trigger: "form[enctype] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert:contains(Thank you, we have received your words)",
        },
    ],
});

/** The same customer rates how it was handled, first in one click. */
tours.add("customer_retention_public_rate", {
    steps: () => [
        {
            content: "How was it?",
            trigger: ".o_complaint_survey input[name=satisfaction][value='4']",
            run: "click",
        },
        {
            trigger: ".o_complaint_survey textarea[name=comment]",
            run: "edit A little slow",
        },
        {
            trigger: ".o_complaint_survey button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "A little more, for those who want to",
            trigger: ".o_complaint_survey_details select[name=process_grade]",
            run: "selectByLabel Neither",
        },
        {
            trigger: ".o_complaint_survey_details button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "p:contains(We have your answer)",
        },
    ],
});
