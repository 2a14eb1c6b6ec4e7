def show_saved(records, names):
    """Let records of a form that is being edited show what is saved; return the others.

    A form may send any values to be computed with. What is worked out with more rights
    than the reader has would then tell about whatever record the values name.

    :param names: computed fields to fill; nothing is shown of what is not saved
    :return: the records of the database among them
    """
    for record in records:
        if not record.id:
            for name in names:
                record[name] = record._origin[name]
    return records.filtered("id")
