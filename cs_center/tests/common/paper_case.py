import io
import unicodedata

from pypdf import PdfReader

from .center_case import CsCenterCommon


class PaperCase(CsCenterCommon):
    """Prints by the wkhtmltopdf that is there, read back as text."""

    def _print(self, complaints, user=None, report='cs_center.report_complaint_f02'):
        content, kind = (
            self.env['ir.actions.report']
            .with_user(user or self.agent)
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(report, complaints.ids)
        )
        self.assertEqual(kind, 'pdf')
        return PdfReader(io.BytesIO(content)).pages

    def _text(self, page):
        # some readers give Chinese characters back as look-alike radicals
        return unicodedata.normalize('NFKC', "".join(page.extract_text().split()))
