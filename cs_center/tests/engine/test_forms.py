import base64

from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.paper_case import PaperCase


@tagged('post_install', '-at_install')
class TestForms(PaperCase):
    """F-02 as paper: Chinese, A4, page numbers, many in one print."""

    def test_one_form_in_chinese(self):
        self.env['res.lang']._activate_lang('zh_CN')
        self.agent.lang = 'zh_CN'
        complaint = self._bring_to(
            'closed',
            sale_order_id=self.order.id,
            sale_line_ids=[Command.set(self.order.order_line.ids)],
            description="坐垫塌陷，扶手有异响。",
            demand="更换坐垫。",
        )
        [page] = self._print(complaint)
        text = self._text(page)
        self.assertEqual([round(float(size)) for size in page.mediabox[2:]], [595, 842])
        for expected in (
            "消费者投诉处理登记表",
            "F-02",
            complaint.name,
            "坐垫塌陷,扶手有异响。",
            "更换坐垫。",
            "SofaShop",
            "G12",
            "GroundFloor",
            self.order.name,
            "FabricSofa",
            "Repaired.",
            "1/1",
            "顾客签字",
        ):
            self.assertIn(expected, text)
        self.assertNotIn("csform", text.replace(f"csform:{complaint.id}", ""))

    def test_twenty_records_in_one_print(self):
        complaints = (
            self.env['cs.complaint']
            .with_user(self.agent)
            .create([self._vals(description=f"Number {number}") for number in range(20)])
        )
        pages = self._print(complaints)
        self.assertEqual(len(pages), 20)
        for complaint, page in zip(complaints, pages, strict=True):
            self.assertIn(complaint.name, self._text(page))
            self.assertIn("1/1", self._text(page))

    def test_long_text_flows_and_pages_are_numbered_per_record(self):
        long = self._register(description="\n".join(f"Line {number} of a long story." for number in range(150)))
        short = self._register()
        pages = self._print(long + short)
        of_long = len(pages) - 1
        self.assertGreater(of_long, 1)
        self.assertEqual(
            [self._text(page)[-3:] for page in pages],
            [f"{number}/{of_long}" for number in range(1, of_long + 1)] + ["1/1"],
        )
        self.assertIn("Line149ofalongstory.", "".join(self._text(page) for page in pages))

    def test_empty_anonymous_record_and_text_that_looks_like_markup(self):
        complaint = self._register(partner_id=False, anonymous=True, description="<b>bold</b> & {{ 1 }} =SUM(A1)")
        html = (
            self.env['ir.actions.report']
            .with_user(self.agent)
            ._render_qweb_html('cs_center.report_complaint_f02', complaint.ids)[0]
        )
        grid = etree.HTML(html).xpath("//table[@class='o_cs_grid']")[0]
        for row in grid.xpath(".//tr"):
            self.assertEqual(
                sum(int(cell.get('colspan', 1)) for cell in row.xpath("./td")), 6, "an empty field keeps its cell"
            )
        [page] = self._print(complaint)
        self.assertIn("<b>bold</b>&{{1}}=SUM(A1)", self._text(page))

    def test_a_print_asks_for_the_right_to_read(self):
        complaint = self._register()
        for user in (self.finance, self.admin, self.dept_head):
            with self.assertRaises(AccessError):
                self._print(complaint, user)

    def test_prints_neighbours_the_reader_may_not_open(self):
        """A floor manager prints a case whose customer's card belongs to nobody the floor may write to, with its
        evidence."""
        complaint = self._register(sale_order_id=self.order.id)
        self.env['ir.attachment'].create(
            {
                'name': "photo.png",
                'res_model': 'cs.complaint',
                'res_id': complaint.id,
                'raw': base64.b64decode(b'iVBORw0KGgo='),
            }
        )
        [page] = self._print(complaint, self.floor)
        self.assertIn("photo.png", self._text(page))
