import inspect
import io
import json
import re
import threading

from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common.center_case import CsCenterCommon

SECRET, STAFF, FILE = "Between us 4711", "staff-4711@example.com", "photo-4711.png"
TOKEN = 'c0ffee00-0000-4000-8000-000000004711'
# what a route calls the keys of Odoo's links, or the records that they open
KEYS = {'token', 'access_token', 'hash', '_hash', 'pid', 'thread_model', 'thread_id', 'message_id', 'attachment_id'}
# routes that take such keys, and never one of a case: other documents, other keys
OTHERS = re.compile(
    r'/(my/(orders|invoices|journal)/|payment/|invoice/transaction|digest/|discuss/channel/|dashboard/|chat/|'
    r'meet/|sms/status|web/webclient/translations|website/translations|google_gmail/|microsoft_outlook/|'
    r'report/download)'
)
BINARY = ('/web/content', '/web/image')  # all of these end in one method, tried by some of them
REQUESTS = ['activities', 'attachments', 'contact_fields', 'followers', 'scheduledMessages', 'suggestedRecipients']
PIXEL = (
    b'\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00'
    b'\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa7\x9a\xa0\xa0\x00\x00\x00\x00IEND\xaeB`\x82'
)


@tagged('post_install', '-at_install')
class TestCustomerLinkRoutes(CsCenterCommon, HttpCase):
    """The customer's link, or hash and id of a partner, opens nothing of Odoo's: no thread, no file, no follower, of
    no kind of case; to nobody, and to a customer who signed in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent.partner_id.email = STAFF
        cls.customer.email = "ms.wang@example.com"
        cls.env['res.users'].with_context(no_reset_password=True).create(
            {
                'login': 'test_cs_customer',
                'password': 'test_cs_customer',
                'partner_id': cls.customer.id,
                'group_ids': [Command.set(cls.env.ref('base.group_portal').ids)],
            }
        )
        complaint = cls._register()
        named = {'company_id': cls.company.id, 'partner_id': cls.customer.id, 'merchant_id': cls.merchant.id}
        made = {
            'cs.complaint': complaint,
            'cs.revisit': cls.env['cs.revisit'].with_user(cls.colleague).create(
                cls._revisit_vals(complaint, kind='manual')
            ),
            'cs.return': cls.env['cs.return'].with_user(cls.agent).create(
                {**named, 'kind': 'no_reason', 'sale_order_id': cls.order.id}
            ),
            'cs.compensation': cls.env['cs.compensation'].with_user(cls.specialist).create(
                {**named, 'kind': 'cash', 'complaint_id': complaint.id, 'amount': 1, 'description': "x"}
            ),
        }
        cls.cases = [made[name].sudo() for name in cls.env['cs.case.mixin']._case_names() if name in made]
        cls.env.cr.flush()
        for case in cls.cases:
            case.write({'access_token': TOKEN})
            case.message_subscribe(cls.agent.partner_id.ids)
            picture = cls.env['ir.attachment'].create(
                {'name': FILE, 'raw': PIXEL, 'res_model': case._name, 'res_id': case.id, 'mimetype': 'image/png'}
            )
            picture.generate_access_token()
            case.with_user(cls.agent).sudo().message_post(
                body=SECRET, subtype_xmlid='mail.mt_comment', attachment_ids=picture.ids
            )
            case.message_post(body=SECRET, subtype_xmlid='mail.mt_comment', author_id=cls.customer.id)

    def test_every_kind_is_tried(self):
        names = self.env['cs.case.mixin']._case_names()
        of_ours = {name for name in names if self.env[name]._original_module == 'cs_center'}
        self.assertEqual({case._name for case in self.cases}, of_ours)

    def test_every_route_is_known(self):
        """A route that takes a key of Odoo's links is tried below, or known to be of something else."""
        unknown = set()
        thread = threading.current_thread()  # where Odoo looks for the name of the database
        if not hasattr(thread, 'dbname'):
            thread.dbname = self.env.cr.dbname
            self.addCleanup(delattr, thread, 'dbname')
        tried = {pattern for case in self.cases[:1] for pattern, *_call in self._calls(case)}
        for rule in self.env['ir.http'].routing_map().iter_rules():
            names = set(inspect.signature(rule.endpoint).parameters)
            public = rule.endpoint.routing.get('auth') in ('public', 'none')
            own = rule.rule.startswith('/my/complaints/')
            if (names & KEYS) and (public or names & {'token', 'access_token'}) and not own:
                if rule.rule not in tried and not OTHERS.match(rule.rule) and not rule.rule.startswith(BINARY):
                    unknown.add(rule.rule)
        self.assertFalse(unknown, "new routes that take a token: try them with the customer's link")

    # ------------------------------------------------------------
    # the routes
    # ------------------------------------------------------------

    def _keys(self, case):
        """What a letter to the customer may hold, and what may be made of it."""
        signed = {'hash': case._sign_token(self.customer.id), 'pid': self.customer.id}
        return {'token': TOKEN, **signed}

    def _calls(self, case):
        """``(route, address, parameters, how)`` of all that is tried with the keys of a case."""
        keys, thread = self._keys(case), {'thread_model': case._name, 'thread_id': case.id}
        customers, colleagues = case.message_ids.filtered('body').sorted('id', reverse=True)[:2]
        picture = colleagues.attachment_ids
        asked = ['mail.thread', {**thread, 'request_list': REQUESTS, 'access_params': keys}]
        avatar = '/mail/avatar/mail.message/<int:res_id>/author_avatar/<int:width>x<int:height>'
        for route in ('/mail/data', '/mail/action'):
            yield route, route, {'fetch_params': [asked]}, 'rpc'
        yield '/mail/chatter_fetch', '/mail/chatter_fetch', {**thread, **keys}, 'rpc'
        yield '/portal/chatter_init', '/portal/chatter_init', {**thread, **keys}, 'rpc'
        yield '/mail/message/post', '/mail/message/post', {**thread, **keys, 'post_data': {'body': "by key"}}, 'rpc'
        for message in (customers, colleagues):
            said = {'message_id': message.id, **keys}
            route = '/mail/message/update_content'
            yield route, route, {**said, 'update_data': {'body': "by key", 'attachment_ids': []}}, 'rpc'
            yield '/mail/message/reaction', '/mail/message/reaction', {**said, 'content': "!", 'action': 'add'}, 'rpc'
            yield '/mail/link_preview', '/mail/link_preview', said, 'rpc'
            yield '/mail/message/<int:message_id>', f'/mail/message/{message.id}', keys, 'get'
            where = f'/mail/avatar/mail.message/{message.id}/author_avatar/50x50'
            for key in ({'access_token': TOKEN}, {'_hash': keys['hash'], 'pid': keys['pid']}):
                yield avatar, where, key, 'avatar'
        yield '/mail/attachment/upload', '/mail/attachment/upload', {**thread, **keys}, 'file'
        given = {'attachment_id': picture.id, 'access_token': TOKEN}
        yield '/mail/attachment/delete', '/mail/attachment/delete', given, 'rpc'
        yield '/portal/attachment/remove', '/portal/attachment/remove', given, 'rpc'
        route = '/mail/attachment/update_thumbnail'
        yield route, route, {**given, 'thumbnail': "x"}, 'rpc'
        pdf = '/mail/attachment/pdf_first_page/'
        yield f'{pdf}<int:attachment_id>', f'{pdf}{picture.id}', {'access_token': TOKEN}, 'get'
        yield '/mail/attachment/zip', '/mail/attachment/zip', {'file_ids': str(picture.id), 'zip_name': "x"}, 'form'
        who = {'model': case._name, 'res_id': case.id}
        yield '/mail/unfollow', '/mail/unfollow', {**who, 'pid': self.agent.partner_id.id, 'token': TOKEN}, 'get'
        yield '/mail/view', '/mail/view', {**who, 'access_token': TOKEN, **keys}, 'view'
        yield '/mail/view', '/mail/view', {**who, **keys}, 'get'
        yield '/rate/<string:token>/<int:rate>', f'/rate/{TOKEN}/5', {}, 'get'
        yield '/rate/<string:token>/submit_feedback', f'/rate/{TOKEN}/submit_feedback', {'rate': 5}, 'form'
        for address in (
            f'/web/content/{picture.id}', f'/web/image/{picture.id}', f'/web/content/{case._name}/{case.id}/name',
            f'/web/image/{case._name}/{case.id}/name', f'/web/image/mail.message/{colleagues.id}/author_avatar',
        ):
            yield '/web/content', address, {'access_token': TOKEN}, 'binary'

    def _answer(self, address, params, how):
        if how == 'rpc':
            return self.url_open(address, json={'params': params})
        if how in ('form', 'file'):
            files = {'ufile': ("by key.txt", io.BytesIO(b"by key"), 'text/plain')} if how == 'file' else None
            return self.url_open(address, data={**params, 'csrf_token': Request.csrf_token(self)}, files=files)
        return self.opener.get(self.base_url() + address, params=params, allow_redirects=how != 'view', timeout=30)

    def _kept(self):
        """All that a route might change of the cases: messages, files, reactions, followers, states."""
        self.env.flush_all()
        self.env.invalidate_all()
        for case in self.cases:
            messages = case.message_ids
            yield (
                case._name, case.state, case.message_partner_ids.ids, messages.mapped('body'),
                [(file.name, file.res_id, file.res_model, file.checksum) for file in messages.attachment_ids],
                self.env['ir.attachment'].search_count([('res_model', '=', case._name), ('res_id', '=', case.id)]),
                messages.reaction_ids.ids, self.env['rating.rating'].search_count([]),
            )

    @mute_logger('odoo.http', 'odoo.addons.base.models.ir_rule', 'odoo.addons.mail.controllers.mail')
    def _try_all(self, login):
        self.env.flush_all()
        before = list(self._kept())
        tokens = self.env['ir.attachment'].search([('name', '=', FILE)]).mapped('access_token')
        told = []
        for case in self.cases:
            for route, address, params, how in list(self._calls(case)):
                self.authenticate(login, login)
                self.opener.trust_env = False
                answer = self._answer(address, params, how)
                text = answer.text
                if how == 'avatar':  # the same picture as for a wrong key
                    wrong = self.url_open(address)
                    if answer.content != wrong.content:
                        told.append((case._name, route, 'avatar'))
                found = [word for word in (SECRET, STAFF, FILE, "by key", *tokens) if word and word in text]
                if how == 'binary' and (answer.content == PIXEL or case.name in text):
                    found.append('binary')
                if how == 'rpc' and re.search(r'"message_id": \d|"hasReadAccess": true', text):
                    found.append(json.loads(text).get('result'))
                if found:
                    told.append((case._name, route, params, found))
        self.assertFalse(told, f"{len(told)} routes told something")
        self.assertEqual(list(self._kept()), before, "something was changed")

    def test_nobody(self):
        self._try_all(None)

    def test_signed_in_as_the_customer(self):
        self._try_all('test_cs_customer')
