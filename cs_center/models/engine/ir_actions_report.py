import io
from itertools import pairwise

from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen import canvas

from odoo import fields, models
from odoo.exceptions import MissingError

from odoo.addons.base.models.ir_actions_report import _wkhtml

# how much smaller than life an unpatched wkhtmltopdf prints at 96 dpi (100 mm come out as 76.8 mm)
UNPATCHED_ZOOM = 1.302


class IrActionsReport(models.Model):
    """Forms print true to the millimetre and with page numbers, with a patched and with an unpatched wkhtmltopdf."""

    _inherit = 'ir.actions.report'

    cs_form = fields.Boolean(string="Form of the Centre", help="Printed true to the millimetre, with page numbers.")

    def _is_cs_form(self):
        return self.cs_form and self.report_type == 'qweb-pdf'

    def _get_rendering_context(self, report, docids, data):
        if report._is_cs_form():
            self._cs_check_there(self.env[report.model], docids)
        values = super()._get_rendering_context(report, docids, data)
        if report._is_cs_form():
            to_pdf = (data or {}).get('report_type') == 'pdf'
            values['css_zoom'] = UNPATCHED_ZOOM if to_pdf and not _wkhtml().is_patched_qt else 1
        return values

    def _cs_check_there(self, model, ids):
        """Say in words that there is nothing to print: within a template it would be a fault."""
        ids = list(ids or ())
        keepable = all(isinstance(id_, int) and 0 < id_ < 2**31 for id_ in ids)
        if not ids or not keepable or len(model.browse(ids).exists()) != len(set(ids)):
            raise MissingError(
                self.env._("There is no such record any more: %s.", self.env['ir.model']._get(model._name).name)
            )

    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        content = super()._run_wkhtmltopdf(
            bodies,
            report_ref=report_ref,
            header=header,
            footer=footer,
            landscape=landscape,
            specific_paperformat_args=specific_paperformat_args,
            set_viewport_size=set_viewport_size,
        )
        if report_ref and self._get_report(report_ref)._is_cs_form():
            content = self._cs_stamp_pages(content)
        return content

    def _cs_stamp_pages(self, content):
        """Write "page x / y" on each page; a record begins where its hidden ``csform:`` mark is found."""
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
        starts = [index for index, page in enumerate(writer.pages) if 'csform:' in page.extract_text()]
        bounds = [*(starts or [0]), len(writer.pages)]
        for begin, end in pairwise(bounds):
            for index in range(begin, end):
                page, buffer = writer.pages[index], io.BytesIO()
                stamp = canvas.Canvas(buffer, pagesize=(page.mediabox.width, page.mediabox.height))
                stamp.setFont('Helvetica', 8)
                stamp.drawRightString(float(page.mediabox.width) - 34, 20, f"{index - begin + 1} / {end - begin}")
                stamp.save()
                page.merge_page(PdfReader(io.BytesIO(buffer.getvalue())).pages[0])
        result = io.BytesIO()
        writer.write(result)
        return result.getvalue()
