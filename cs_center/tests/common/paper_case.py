import io
import unicodedata
from contextlib import nullcontext

from pypdf import PdfReader

from odoo.tests import HttpCase

from .center_case import CsCenterCommon


class PaperCase(CsCenterCommon):
    """Prints by the wkhtmltopdf that is there, read back as text."""

    def _print(self, records, user=None, report='cs_center.report_complaint_f02'):
        # a server that is asked for its styles answers only when it is told to; those of a browser's tests are
        with nullcontext() if isinstance(self, HttpCase) else self.allow_pdf_render():
            content, kind = (
                self.env['ir.actions.report']
                .with_user(user or self.agent)
                .with_context(force_report_rendering=True)
                ._render_qweb_pdf(report, records.ids)
            )
        self.assertEqual(kind, 'pdf')
        return PdfReader(io.BytesIO(content)).pages

    def _text(self, page):
        # some readers give Chinese characters back as look-alike radicals
        return unicodedata.normalize('NFKC', "".join(page.extract_text().split()))
