import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Somebody complains on the phone: customer, what, Enter, read out the number. */
tours.add("customer_retention_quick_complaint_enter", {
    steps: () => [
        {
            content: "Who is it?",
            trigger: ".modal .o_field_widget[name=partner_id] input",
            run: "edit Harbor Bak",
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
            content: "How bad is it?",
            trigger: ".modal .o_field_widget[name=severity] label:contains(High)",
            run: "click",
        },
        {
            content: "What happened?",
            trigger: ".modal .o_field_widget[name=what] textarea",
            run: "edit The oven door does not close",
        },
        {
            content: "Enter saves",
            trigger: ".modal .o_field_widget[name=what] textarea",
            run: "press Enter",
        },
        {
            content: "The number to read out",
            trigger: ".modal .o_complaint_number:contains(C/)",
        },
    ],
});

/** Who types at once, while the customer is still being looked up, loses nothing. */
tours.add("customer_retention_quick_complaint_hasty", {
    steps: () => [
        {
            content: "Who is it?",
            trigger: ".modal .o_field_widget[name=partner_id] input",
            run: "edit Harbor Bak",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Harbor Bakery)",
            run: "click",
        },
        {
            content: "They are telling it already",
            trigger: ".modal .o_field_widget[name=what] textarea",
            run: "edit The oven door hangs",
        },
        {
            content: "What is open for the customer is known by now",
            trigger: ".modal .alert:contains(Open already)",
        },
        {
            content: "The customer is known: nobody asks for a name",
            trigger: ".modal:not(:has(.o_field_widget[name=caller]))",
        },
        {
            content: "Nothing is lost",
            trigger:
                ".modal .o_field_widget[name=what] textarea:value(The oven door hangs)",
            run: "press Enter",
        },
        {
            content: "The number to read out",
            trigger: ".modal .o_complaint_number:contains(C/)",
        },
    ],
});

/** A customer without an account complains, follows the link and adds something. */
tours.add("customer_retention_public_complaint", {
    steps: () => [
        {
            content: "What happened?",
            trigger: "textarea[name=text]",
            run: "edit My parcel never arrived",
        },
        {
            trigger: "input[name=email]",
            run: "edit ann@example.org",
        },
        {
            trigger: "input[name=name]",
            run: "edit Ann",
        },
        {
            trigger: "form[enctype] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The number and what happens next",
            trigger: ".display-5:contains(C/)",
        },
        {
            trigger: ".alert:contains(We have received your message)",
        },
        {
            content: "Add something",
            trigger: "textarea[name=text]",
            run: "edit The number of the parcel is 4711",
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
