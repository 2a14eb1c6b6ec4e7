"""The vocabulary of the invented demo company. Nobody here exists."""

# Tables, read by row:
# fmt: off

# Stem of a customer's name → joined with a trade of its country
STEMS = (
    "Alderbrook", "Amberline", "Ashcombe", "Bellmarsh", "Birchwater", "Blackfen",
    "Bramblegate", "Brightholm", "Calderwick", "Cedarvale", "Claymont", "Copperfold",
    "Cresthaven", "Dunmarrow", "Eastwold", "Elderfield", "Emberley", "Fairmoor",
    "Fernhollow", "Flintridge", "Foxglen", "Glasswater", "Goldmere", "Graniteford",
    "Greyhaven", "Halewood", "Harrowdale", "Hazelmount", "Heathercroft", "Highmarch",
    "Ironbridge", "Ivorydale", "Juniper", "Kestrel", "Kingsfold", "Larkmoor",
    "Lindenhall", "Longacre", "Maplecross", "Marshwood", "Meadowgate", "Millrace",
    "Moorhen", "Northbeck", "Oakhurst", "Oldfield", "Orchardine", "Palegrove",
    "Pinebarrow", "Quarryton", "Ravensmoor", "Redwater", "Ridgeway", "Rosemarch",
    "Rushford", "Saltmarsh", "Sandpiper", "Silverfen", "Slatehill", "Southwick",
    "Starling", "Stonebeck", "Summerfold", "Swiftwater", "Thornbury", "Timberlee",
    "Underhill", "Valebrook", "Warrenton", "Westering", "Whitestone", "Willowmere",
    "Windrush", "Wolfden", "Wychwood", "Yarrowfield",
)

# Trade → industry of core's list (external identifier in base)
TRADES = {
    "Machine Works": "base.res_partner_industry_C",
    "Metal": "base.res_partner_industry_C",
    "Timber": "base.res_partner_industry_C",
    "Packaging": "base.res_partner_industry_C",
    "Foods": "base.res_partner_industry_C",
    "Builders": "base.res_partner_industry_F",
    "Roofing": "base.res_partner_industry_F",
    "Electric": "base.res_partner_industry_F",
    "Plumbing": "base.res_partner_industry_F",
    "Hardware": "base.res_partner_industry_G",
    "Motor Service": "base.res_partner_industry_G",
    "Logistics": "base.res_partner_industry_H",
    "Cold Storage": "base.res_partner_industry_H",
    "Hotel": "base.res_partner_industry_I",
    "Property Services": "base.res_partner_industry_L",
    "Engineering": "base.res_partner_industry_M",
    "Facility Care": "base.res_partner_industry_N",
    "Clinic": "base.res_partner_industry_Q",
    "Nursery": "base.res_partner_industry_A",
    "Water Works": "base.res_partner_industry_E",
}

# Country → (legal form, dialling code, currency, towns as (name, postal code, state))
COUNTRIES = {
    "us": ("Inc.", "+1 {area}-555-{four}", "", (
        ("Dayton", "45402", "base.state_us_30"), ("Akron", "44308", "base.state_us_30"),
        ("Erie", "16501", "base.state_us_39"), ("Reading", "19601", "base.state_us_39"),
        ("Rockford", "61101", "base.state_us_14"),
        ("Peoria", "61602", "base.state_us_14"), ("Fresno", "93721", "base.state_us_5"),
        ("Tacoma", "98402", "base.state_us_48"),
    )),
    "ca": ("Ltd.", "+1 {area}-555-{four}", "CAD", (
        ("Hamilton", "L8P 1A1", ""), ("Halifax", "B3J 1A1", ""),
    )),
    "uk": ("Ltd", "+44 20 7946 {four}", "GBP", (
        ("Leeds", "LS1 4AP", ""), ("Hull", "HU1 2AA", ""), ("Derby", "DE1 3AA", ""),
    )),
    "de": ("GmbH", "+49 30 23125 {three}", "EUR", (
        ("Bielefeld", "33602", ""), ("Kassel", "34117", ""), ("Rostock", "18055", ""),
        ("Ulm", "89073", ""), ("Siegen", "57072", ""),
    )),
    "at": ("GmbH", "+43 1 555 {four}", "EUR", (
        ("Graz", "8010", ""), ("Linz", "4020", ""),
    )),
    "nl": ("B.V.", "+31 20 555 {four}", "EUR", (
        ("Zwolle", "8011 AA", ""), ("Breda", "4811 AA", ""),
    )),
    "fr": ("SARL", "+33 1 55 50 {four}", "EUR", (
        ("Dijon", "21000", ""), ("Nantes", "44000", ""), ("Metz", "57000", ""),
    )),
    "ch": ("AG", "+41 44 555 {four}", "CHF", (
        ("Winterthur", "8400", ""), ("Olten", "4600", ""),
    )),
    "vn": ("Co., Ltd", "+84 28 5555 {four}", "", (
        ("Da Nang", "550000", ""), ("Hai Phong", "180000", ""),
    )),
    "tw": ("Co., Ltd.", "+886 2 5555 {four}", "", (("Taichung", "400", ""),)),
}

STREETS = (
    "Foundry Lane", "Mill Street", "Station Road", "Harbour Way", "Canal Street",
    "Workshop Row", "Quarry Road", "Depot Street", "Ferry Lane", "Forge Street",
    "Market Place", "Orchard Road", "Tannery Row", "Viaduct Street", "Wharf Road",
)

FIRST_NAMES = (
    "Ada", "Bea", "Bruno", "Carla", "Cyril", "Dana", "Edda", "Emil", "Enzo", "Faye",
    "Fritz", "Gwen", "Hana", "Hugo", "Ida", "Ines", "Ivo", "Jonas", "Juno", "Karim",
    "Lan", "Lars", "Lea", "Linh", "Mara", "Milo", "Minh", "Nils", "Nora", "Odile",
    "Omar", "Otto", "Pia", "Quinn", "Rafe", "Rosa", "Saskia", "Selma", "Sven", "Tara",
    "Theo", "Uma", "Vera", "Viktor", "Wanda", "Willa", "Yara", "Yusuf", "Zeno", "Zoe",
)

LAST_NAMES = (
    "Abendroth", "Ackerly", "Balfourd", "Barnaby", "Bellweather", "Brandauer",
    "Castellan", "Cobbler", "Delacourt", "Drummondsen", "Eberlin", "Fairweather",
    "Fenwright", "Garrowby", "Grimbold", "Halvorsund", "Harkaway", "Holloran",
    "Iversund", "Jessamy", "Kettlewell", "Kirschner", "Lambrecht", "Lindqvister",
    "Marchbanks", "Merriwick", "Nightingall", "Oakeshott", "Pellingford",
    "Quillfeather", "Ravenscroft", "Rookwood", "Sandersfeld", "Silvertree",
    "Tanglewood", "Thistlecroft", "Umberton", "Vandermoor", "Wetherall",
    "Winterbourne", "Yellowley", "Zimmerhof",
)

FUNCTIONS = (
    "Purchasing", "Head of Purchasing", "Workshop Manager", "Site Manager", "Owner",
    "Maintenance", "Accounts Payable", "Operations Manager",
)

# Category → products as (name, list price)
PRODUCTS = {
    "Hand Tools": (
        ("Combination Wrench Set", 84.0), ("Torque Wrench 20-100", 149.0),
        ("Screwdriver Set, insulated", 56.0), ("Claw Hammer", 27.5),
        ("Pliers Set", 72.0), ("Tape Measure 8 m", 14.9),
    ),
    "Power Tools": (
        ("Cordless Drill 18 V", 229.0), ("Angle Grinder 125 mm", 139.0),
        ("Rotary Hammer", 389.0), ("Circular Saw", 259.0), ("Battery 5 Ah", 99.0),
    ),
    "Fasteners": (
        ("Hex Bolts M8, 500", 62.0), ("Wood Screws 5x60, 1000", 48.0),
        ("Wall Plugs 10 mm, 500", 31.0), ("Threaded Rods M10, 25", 44.0),
        ("Washers Assortment", 22.0),
    ),
    "Safety": (
        ("Safety Helmet", 24.0), ("Safety Goggles, 10", 58.0),
        ("Hearing Protection", 36.0), ("Fall Arrest Harness", 189.0),
        ("First Aid Cabinet", 118.0),
    ),
    "Workwear": (
        ("Work Trousers", 64.0), ("High-Visibility Jacket", 79.0),
        ("Safety Boots S3", 112.0), ("Work Gloves, 12 pairs", 39.0),
    ),
    "Cleaning": (
        ("Industrial Cleaner 10 l", 47.0), ("Cleaning Cloth Rolls, 6", 35.0),
        ("Wet and Dry Vacuum", 279.0), ("Oil Binder 20 kg", 33.0),
    ),
    "Storage": (
        ("Heavy Duty Shelf", 169.0), ("Storage Bins, 20", 74.0),
        ("Tool Trolley", 459.0), ("Hazardous Goods Cabinet", 890.0),
    ),
    "Services": (
        ("Tool Inspection", 95.0), ("On-Site Consultation", 420.0),
        ("Calibration", 130.0),
    ),
}

# What was talked about: kind → texts
TALKS = {
    "call": (
        "Talked about the next delivery. They plan the stock for the coming quarter.",
        "Asked how business is. Two new sites open this year.",
        "Called about the open quotation; the decision is with the site manager.",
        "They were pleased with the last delivery and asked for the price list.",
        "Wants a sample before ordering a larger quantity.",
    ),
    "visit": (
        "Visited the workshop. The storage is full, next order after the season.",
        "Met purchasing and the site manager together. They compare two suppliers.",
        "Showed the new battery tools. Good interest.",
    ),
    "email": (
        "Thank you for the quick delivery. We come back to you for the next site.",
        "Could you send the data sheets for the last order?",
        "Please update our delivery address for the next orders.",
    ),
}

ACTIVITIES = (
    "Ask how business is", "Follow up on the quotation", "Offer the yearly inspection",
    "Present the new price list", "Arrange a visit",
)

CANCEL_NOTE = "The site was postponed, the customer withdrew the order."
