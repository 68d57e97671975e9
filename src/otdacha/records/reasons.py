"""Why a row was rejected and what the cross-table check finds: codes and plain sentences."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from otdacha.language import Text, text

REASONS: Mapping[str, Text] = MappingProxyType(
    {
        # the row as a whole
        "too_many_cells": text(
            "The row has more cells than the header: a separator stands unquoted inside a value."
        ),
        "broken_row": text(
            "The row is broken in two: a line break stands unquoted inside a value."
        ),
        "repeated_header": text("The header stands here again: this row is no record."),
        "total_row": text("This row is a total: it is counted from the others, not read."),
        "note_row": text(
            "A single cell of this row is filled: a title, a note or a signature, not a record."
        ),
        "repeated_row": text("The same row, cell for cell, stands above in the file."),
        "repeated_key": text("A row with the same key stands above in the file."),
        "another_name": text(
            "This INN stands above in the file with another name. One INN is one organisation: the "
            "first row counts."
        ),
        # a row that comes back corrected
        "not_to_correct": text(
            "No row of this number was rejected, so there is nothing to correct. New rows belong "
            "into a file of their own."
        ),
        "corrected_before": text("This row has been corrected and taken before."),
        "corrected_twice": text("The same row of the source stands above, corrected otherwise."),
        "not_corrected": text("The row is as it was when it was rejected: nothing was changed."),
        # one value
        "missing": text("The value is missing."),
        "error_cell": text(
            "The cell shows an error, or holds a formula that was never calculated. Open the file "
            "in a spreadsheet program, put the cell right and save it."
        ),
        "not_a_date": text(
            "This is not a date: dd.mm.yyyy, yyyy-mm-dd and Excel dates are understood; "
            "other forms need a profile."
        ),
        "impossible_date": text("There is no such day in the calendar."),
        "date_out_of_range": text("A date before 1950 or after 2100 cannot be right here."),
        "date_in_the_future": text("This has not happened yet: the date lies in the future."),
        "not_a_month": text("This is not a month: yyyy-mm, mm.yyyy or any date in it."),
        "not_a_number": text("This is not a number."),
        "not_a_whole_number": text("This is not a whole number."),
        "not_yes_or_no": text("This is neither yes nor no."),
        "not_a_day_kind": text("This is neither working days nor calendar days."),
        "number_too_large": text("The number is too large to be right here."),
        "personal_data": text(
            "The value looks like a name, СНИЛС, telephone or e-mail; such data are not stored."
        ),
        "not_a_year": text("This is not a year between 1950 and 2100."),
        "not_a_period": text(
            "This is not a period that begins with January: year, January to June and the like."
        ),
        "before_its_year": text("The day lies before the year in which it should lie."),
        "contradicting_columns": text(
            "The file has this column several times, and its cells contradict each other."
        ),
        "out_of_limits": text("The number lies outside the limits that the profile names."),
        # rows that a profile refuses
        "duplicate_document": text(
            "A duplicate of a document: the training counts once, by the row of the original."
        ),
        "destroyed_document": text(
            "The document is marked as destroyed: a training is not proved by it."
        ),
        "another_document": text("A document of another kind: no professional development."),
        "same_event": text(
            "A row above tells of the same event: the same person, programme and start. It counts "
            "once."
        ),
        "not_this_table": text("The profile says that rows of this kind do not belong here."),
        # identifiers
        "bad_municipality": text(
            "This is not the ОКТМО code of a municipality: 8 digits, "
            "or 11 of which the last three are 000 or 001."
        ),
        "no_inn": text("The provider has no taxpayer number (INN)."),
        "bad_inn": text(
            "This is not a taxpayer number (INN): 10 or 12 digits, the check digit must fit."
        ),
        "bad_ogrn": text("This is not an ОГРН: 13 or 15 digits, the check digit must fit."),
        "bad_snils": text("This is not a СНИЛС: 11 digits, the check number must fit."),
        "own_successor": text(
            "It cannot be its own successor: name the one that it was merged into, or nobody."
        ),
        "no_identity": text(
            "The person cannot be told apart: neither a СНИЛС nor a full name with a birth date."
        ),
        # order of dates and sizes
        "ended_before_started": text("The end comes before the start."),
        "finished_before_started": text("The training ends before it starts."),
        "closed_before_opened": text("The case is closed before it is opened."),
        "cancelled_before_opened": text("The case is cancelled before it is opened."),
        "due_before_opened": text("The case is due before it is opened."),
        "negative_duration": text("A time limit cannot be negative."),
        "rating_out_of_range": text("A rating is a whole number from 1 to 5."),
        "too_few_hours": text(
            "The course is shorter than the law's minimum for professional development."
        ),
        "too_many_hours": text("No course is that long: is this a date or a sum of money?"),
        "nothing_counted": text("All counts are empty or zero: there is nothing to measure."),
        "count_does_not_fit": text("The number is not the sum of the counts by mark."),
        "mean_does_not_fit": text("The mean that is stated does not fit the counts by mark."),
        "unknown_territory": text(
            "No municipality of the register has this territory: add the register first."
        ),
        "territory_not_in_force": text(
            "The territory was not in force at the end of the period: its municipality had merged "
            "or changed, and what became of it has a row of its own."
        ),
        "contradicted_territory": text(
            "The file tells of this municipality under its former number too, and otherwise: one "
            "of the two numbers is another municipality's, and nobody can say which."
        ),
        "negative_count": text("A number of cases cannot be negative."),
        "negative_spread": text("A standard deviation cannot be negative."),
        "negative_hours": text("A number of hours cannot be negative."),
        "negative_price": text("A price cannot be negative."),
        "latitude_out_of_range": text(
            "Latitude in Russia lies between 41 and 82 degrees. Write degrees with decimals; "
            "perhaps latitude and longitude were exchanged."
        ),
        # needs, offers, money and what became of them
        "nobody_needed": text("A need is of at least one person."),
        "one_person_is_one": text(
            "The row names one person, and says that there are more: name nobody and give the "
            "number, or give each person a row."
        ),
        "change_of_nothing": text(
            "An expected change is given, but not of which indicator: name the indicator."
        ),
        "priority_out_of_range": text(
            "A priority is a whole number from 1, the most urgent, to 5."
        ),
        "no_date_of_offer": text(
            "An offer needs its first and its last day: without them nobody can be sent."
        ),
        "no_minimum_group": text("The smallest group has at least one person."),
        "minimum_above_places": text(
            "The smallest group is larger than the number of places: it could never be held."
        ),
        "no_places": text("An offer has at least one place in a group."),
        "no_groups": text("An offer is held for at least one group."),
        "no_seats": text("A contract is about at least one place."),
        "negative_travel": text("Travel expenses cannot be negative."),
        "negative_amount": text("A sum of money cannot be negative."),
        "not_kopecks": text(
            "This is not a sum in roubles and kopecks: at most two digits after the decimal mark, "
            "and thousands are set apart by spaces."
        ),
        "bare_number": text(
            "A number this large may be a telephone or a СНИЛС. If it is a sum, set its thousands "
            "apart by spaces or give its kopecks."
        ),
        "bad_budget_code": text(
            "This is not a budget code (КБК) of 20 signs: 3 digits of the chief administrator, 4 "
            "of the section, 10 digits or letters of the target article, 3 digits of the kind of "
            "expense. A code that was typed as a number has lost digits: make the cell a text."
        ),
        "bad_holder": text(
            "This looks like a code and is no ОКТМО of a municipality: 8 digits are expected, or "
            "the name of a region, or nothing where the money is for all."
        ),
        "not_a_reason": text(
            "This is no reason of a need: duty by law, competence gap, weak indicator and "
            "manager's request are understood."
        ),
        "not_a_source": text(
            "This is no source of money: federal, regional and municipal budget and own funds are "
            "understood."
        ),
        "not_a_pays_for": text(
            "This is no kind of expense: training fees, travel expenses, or an empty cell for both."
        ),
        "not_a_status": text(
            "This is no stage of training: enrolled, attending, finished training and left before "
            "the end are understood."
        ),
        "finished_without_date": text(
            "The training is finished, but its last day is missing: it cannot be counted."
        ),
        "date_without_finish": text(
            "A last day is given, but the training is not finished: correct the stage or empty "
            "the date."
        ),
        # pay
        "negative_salary": text(
            "A monthly salary (оклад) is above zero; leave the cell empty where the law's table "
            "says it."
        ),
        "rate_out_of_range": text(
            "An allowance for special conditions lies between 0 and 200 % of the salary (оклад): "
            "no law goes higher."
        ),
        "share_out_of_range": text(
            "A share of a full-time post is above zero (at least 0.001) and at most 1.5."
        ),
        "class_out_of_range": text("A class of pay is a whole number from 1 to 99."),
        "hired_before_birth": text(
            "By the year of birth the person was not yet born on the first day in post, or under "
            "14: one of the two dates is wrong."
        ),
        "served_before_birth": text(
            "By the year of birth the person was not yet born when the service began, or under 14: "
            "one of the two dates is wrong."
        ),
        "north_before_birth": text(
            "By the year of birth the person was not yet born when work in the North began, or "
            "under 14: one of the two dates is wrong."
        ),
        "grants_out_of_range": text("A share of grants lies between 0 and 100 %."),
        "negative_norm": text("A norm of spending cannot be negative."),
        "negative_available": text("Money that could be added cannot be negative."),
        "not_a_share": text(
            "This is no share of a full-time post: 1, 0,5, 1/2 and 50 % are understood."
        ),
        "not_a_percent": text("This is no percentage: 60 % and 60 are understood."),
        "perhaps_a_part": text(
            "Is this a percentage or a part of one? 0.6 may mean 60 %. Write 60 % or 0,6 %; in "
            "Excel, which shows such a number with a sign it does not store, give the cells the "
            "format General and write 60."
        ),
        "not_a_birth_year": text("This is neither a date nor a year of birth."),
        "not_a_sex": text("This is no sex: female and male are understood, жен. and муж. too."),
        "not_a_employment": text(
            "This is no kind of employment: the main place of work and a second post "
            "(совместительство) are understood."
        ),
        "longitude_out_of_range": text(
            "Longitude in Russia lies between 19 and 180 degrees, or beyond -168 in Chukotka. "
            "Write degrees with decimals; perhaps latitude and longitude were exchanged."
        ),
    }
)
"""Why a row is rejected."""

FINDINGS: Mapping[str, Text] = MappingProxyType(
    {
        "no_rows": text("The table is empty, and nothing can be evaluated without it."),
        "unknown_municipality": text("The municipality is not in the table of municipalities."),
        "unknown_unit": text("The department is not in the table of units."),
        "unknown_provider": text("The training organisation is not in the table of providers."),
        "unknown_programme": text("The programme is not in the table of programmes."),
        "unknown_executor": text(
            "The executor of the case is not in the staff of the municipality."
        ),
        "unknown_person": text(
            "The trained person is not in the staff: the training cannot be linked to any work."
        ),
        "not_on_staff": text("The person is not in the staff of the municipality."),
        "person_in_doubt": text(
            "The person is known by name and birth date only, and several СНИЛС have come with "
            "them. Nobody is guessed: send the row again with the СНИЛС."
        ),
        "unknown_town": text("The town where it is held is not in the table of municipalities."),
        "unknown_offer": text("The organisation has no such offer in the table of offers."),
        "unknown_contract": text(
            "The municipality has no such contract in the table of contracts."
        ),
        "unknown_budget_code": text("No budget of this source has this budget code (КБК)."),
        "unknown_holder": text(
            "Whose money it is, is neither a municipality nor a region of the table of "
            "municipalities, written as there."
        ),
        "licence_ended": text(
            "The licence of the organisation ends before the course does: nobody is sent there."
        ),
        "contradicting_contract": text(
            "The rows of one contract differ in organisation, offer, places or day of signing: "
            "they only split its money by source and code."
        ),
        "ambiguous_person": text(
            "The person is known by name and birth date only, and several СНИЛС have come with "
            "them. Nobody is guessed: training is not linked. Which rows: otdacha people"
        ),
        "namesakes": text(
            "Several СНИЛС have come with one name and birth date. They stay different people; is "
            "a СНИЛС wrong? Which rows: otdacha people"
        ),
        "two_towns": text(
            "Somebody known by name and birth date only is on the staff of two municipalities on "
            "the same day: one person with two posts, or two people. Which rows: otdacha people"
        ),
        "several_names_of_person": text(
            "One СНИЛС has come with several names or birth dates. It is one person all the same. "
            "Which rows: otdacha people"
        ),
        "one_person_twice": text(
            "The row stands twice: by СНИЛС and by name and birth date. It counts once; the newer "
            "file decides."
        ),
        "several_names": text(
            "One INN has come with several names. It is one organisation all the same; the newest "
            "name is shown."
        ),
        "merged_municipality": text(
            "The municipality has merged into another one: the two count as one town from the "
            "beginning."
        ),
        "merged_unit": text(
            "The department was renamed or has gone into another one: the two count as one "
            "department from the beginning."
        ),
        "merged_provider": text(
            "The training organisation has merged into another one: training by it counts for its "
            "successor."
        ),
        "unknown_successor": text(
            "The successor is not in the table itself, so the merger is not followed."
        ),
        "split_municipality": text(
            "More municipalities came out of a change than went into it. Nobody can say which of "
            "them stands for the old one: a split is not followed, and a municipality that keeps "
            "its code goes on as itself."
        ),
        "successor_circle": text(
            "The successors come round in a circle, so nobody knows who stands for whom: none of "
            "them is followed."
        ),
        "training_after_merger": text(
            "The course began after the organisation had merged into another one, under its old "
            "INN; it counts for the successor."
        ),
        "same_post_twice": text(
            "One person holds the same post in two rows on the same day: pay would count twice, so "
            "neither row counts. Put the days right, or withdraw the older file."
        ),
        "two_main_posts": text(
            "One person has two main places of work in one municipality on the same day: neither "
            "row counts. Mark the second post as such (совместительство), or end the first one."
        ),
        "more_than_one_and_a_half": text(
            "The posts of one person in one municipality add up to more than 1.5 full-time posts "
            "on the same day: none of these rows counts."
        ),
        "no_position_group": text(
            "The row names no position group, and the law's pay depends on it: it does not count."
        ),
        "two_departments": text(
            "One person is in two departments of one municipality on the same day: "
            "left out for these days."
        ),
    }
)
"""What `check` finds between tables; the rows stay."""
