"""Every change to the store: a command, submitted by an actor, carried out in one transaction."""

from ccm.commands.assignment_lines import AssignmentLine
from ccm.commands.assignments import AssignmentsImported, ImportAssignments
from ccm.commands.changes import RecordChange
from ccm.commands.command import Command, submit
from ccm.commands.people import AddUser, actor_named
from ccm.commands.report_lines import ReportLine
from ccm.commands.reports import ImportReports, ReportsImported
from ccm.commands.retraction import RetractReport
from ccm.commands.sessions import OpenSession

__all__ = [
    "AddUser",
    "AssignmentLine",
    "AssignmentsImported",
    "Command",
    "ImportAssignments",
    "ImportReports",
    "OpenSession",
    "RecordChange",
    "ReportLine",
    "ReportsImported",
    "RetractReport",
    "actor_named",
    "submit",
]
