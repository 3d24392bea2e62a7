"""LibreOffice without a window, as the person who receives a file opens it, fills it and saves it."""

import os
import signal
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pypdfium2
import pytest

from tests.support.machine import leave_out, office_program

#: One start on a busy machine, with all that it converts.
_SECONDS = 300
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>fr-FR</value></prop></item></oor:items>
"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
library:readonly="false" library:passwordprotected="false"><library:element library:name="Keys"/>
</library:library>
"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Keys"
script:language="StarBasic">{}</script:module>
"""
#: Told by a file of lines; what they find, or what fails, is written beside it.
_MACROS = """
Function Opened(name As String)
  Dim no(0) As New com.sun.star.beans.PropertyValue
  no(0).Name = "Hidden" : no(0).Value = False
  Opened = StarDesktop.loadComponentFromURL(name, "_blank", 0, no())
End Function

Function Reading(told As String)
  files = createUnoService("com.sun.star.ucb.SimpleFileAccess")
  stream = createUnoService("com.sun.star.io.TextInputStream")
  stream.setInputStream(files.openFileRead(told))
  stream.setEncoding("UTF-8")
  Reading = stream
End Function

Sub Ended(told As String, answer As String)
  Open ConvertFromURL(told) & ".answer" For Output As #1
  Print #1, answer
  Close #1
  StarDesktop.terminate()
End Sub

' Types into the cells of a workbook as a person does, and saves it.
Sub Fill(told As String)
  On Error GoTo Failed
  lines = Reading(told)
  book = Opened(lines.readLine())
  saved = lines.readLine()
  typist = createUnoService("com.sun.star.frame.DispatchHelper")
  frame = book.CurrentController.Frame
  Dim place(0) As New com.sun.star.beans.PropertyValue
  Dim typed(0) As New com.sun.star.beans.PropertyValue
  place(0).Name = "ToPoint" : typed(0).Name = "StringName"
  Do While Not lines.isEOF()
    at = lines.readLine()
    If at <> "" Then
      place(0).Value = at
      typist.executeDispatch(frame, ".uno:GoToCell", "", 0, place())
      typed(0).Value = Join(Split(lines.readLine(), Chr(1)), Chr(10))
      typist.executeDispatch(frame, ".uno:EnterString", "", 0, typed())
    End If
  Loop
  Dim form(0) As New com.sun.star.beans.PropertyValue
  form(0).Name = "FilterName" : form(0).Value = "Calc MS Excel 2007 XML"
  book.storeToURL(saved, form())
  book.close(True)
  Ended(told, "")
  Exit Sub
Failed:
  Ended(told, Error() & " (" & Erl() & ")")
End Sub

' Names the rows of workbooks that are less tall than their texts.
Sub Measure(told As String)
  On Error GoTo Failed
  lines = Reading(told)
  answer = ""
  Do While Not lines.isEOF()
    book = Opened(lines.readLine())
    For Each sheet In book.Sheets
      sheet.unprotect("")
      used = sheet.createCursor()
      used.gotoEndOfUsedArea(False)
      If sheet.isVisible Then
        For number = 0 To used.RangeAddress.EndRow
          row = sheet.Rows(number)
          tall = row.Height
          row.OptimalHeight = True
          ' In hundredths of a millimetre.
          If row.Height > tall + 20 Then
            answer = answer & book.Title & " " & sheet.Name & " " & (number + 1)
            answer = answer & ": " & tall & " < " & row.Height & Chr(10)
          End If
        Next
      End If
    Next
    book.close(True)
  Loop
  Ended(told, answer)
  Exit Sub
Failed:
  Ended(told, Error() & " (" & Erl() & ")")
End Sub
"""


class Office:
    """LibreOffice with a profile of its own, French as its people are; one process for each piece of work."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program, self.folder = program, folder
        user = folder / "profile/user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_SETTINGS)
        # The first start makes the profile, and would write over what stood in these files before.
        self._run("--terminate_after_init")
        (user / "basic/Standard/script.xlb").write_text(_LIBRARY)
        (user / "basic/Standard/Keys.xba").write_text(_MODULE.format(escape(_MACROS)))

    def pdfs(self, files: Iterable[Path]) -> dict[str, list[str]]:
        """What each file says on paper, page by page, by the file's name."""
        names, printed = list(files), self.folder / "printed"
        self._run("--convert-to", "pdf", "--outdir", str(printed), *map(str, names))
        # One name in two forms would be one PDF.
        assert len({name.stem for name in names}) == len(names)
        return {name.name: _pages(printed / f"{name.stem}.pdf") for name in names}

    def typed(self, book: Path, cells: Sequence[tuple[str, str]]) -> bytes:
        """A workbook once these texts were typed into these cells of its first sheet, and it was saved."""
        saved = self.folder / f"{book.stem}-saved.xlsx"
        keys = (line for place, text in cells for line in (place, text.replace("\n", "\x01")))
        assert not self._ask("Fill", [book.as_uri(), saved.as_uri(), *keys])
        return saved.read_bytes()

    def cut(self, books: Iterable[Path]) -> str:
        """The rows of workbooks that are less tall than what they say, one to a line."""
        return self._ask("Measure", [book.as_uri() for book in books])

    def _ask(self, macro: str, lines: Sequence[str]) -> str:
        told = self.folder / f"{macro}.told"
        answer = told.with_name(f"{told.name}.answer")
        answer.unlink(missing_ok=True)
        told.write_text("\n".join(lines), encoding="utf-8")
        self._run(f'macro:///Standard.Keys.{macro}("{told.as_uri()}")')
        return answer.read_text().strip()

    def _run(self, *arguments: str) -> None:
        profile = (self.folder / "profile").as_uri()
        command = [self._program, "--headless", "--norestore", f"-env:UserInstallation={profile}", *arguments]
        # A group of its own: the program that is started starts another, which must not outlive it.
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            said, _ = process.communicate(timeout=_SECONDS)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
        assert process.returncode == 0, said.decode()


def _pages(file: Path) -> list[str]:
    document = pypdfium2.PdfDocument(file)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """LibreOffice for a whole module; without it the test is left out."""
    program = office_program()
    if program is None:
        leave_out(
            "LibreOffice with Carlito is not installed here: install the packages libreoffice-writer, "
            "libreoffice-calc and fonts-crosextra-carlito"
        )
    return Office(program, tmp_path_factory.mktemp("office"))
