from contextlib import suppress

from markupsafe import Markup

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, mute_logger, tagged

from ..common.center_case import CsCenterCommon
from ..common.security_case import PNG

# fields of a message or a file that say what was said or shown, to whom, and where it belongs
MESSAGE_CHANGES = (
    {'body': "Something else."},
    {'subject': "x"},
    {'date': '2020-01-01 00:00:00'},
    {'author_id': 1},
    {'email_from': "x@example.com"},
    {'attachment_ids': [Command.clear()]},
    {'is_internal': True},
    {'partner_ids': [Command.clear()]},
    {'subtype_id': False},
    {'message_type': 'notification'},
    {'res_id': False},
    {'model': 'res.partner', 'res_id': 1},
    {'parent_id': False},
)
FILE_CHANGES = (
    {'name': "other.txt"},
    {'datas': b'eA=='},
    {'raw': b'other'},
    {'raw': b'Shown.'},  # the same content is a new file all the same
    {'db_datas': b'eA=='},
    {'mimetype': 'text/html'},
    {'description': "x"},
    {'public': True},
    {'access_token': 'x'},
    {'url': '/x'},
    {'type': 'url', 'url': 'https://example.com'},
    {'company_id': False},
    {'thumbnail': False},
    {'res_id': False},
    {'res_model': 'res.partner', 'res_id': 1},
    {'res_field': 'x'},
)


class EvidenceCase(CsCenterCommon):
    """A document of each kind, with a message that carries a file, and with a file of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root = cls._new_user('manager', login='test_cs_root')
        cls.root.group_ids += cls.env.ref('base.group_system') | cls.env.ref('base.group_erp_manager')
        cls.Names = cls.env['cs.case.mixin']._case_names()

    @classmethod
    def _open(cls, name):
        """An open document of a kind, as its handler, and how it comes to its end; kinds of other add-ons are made as
        theirs."""
        return getattr(cls, '_open_' + name.replace('.', '_'))()

    @classmethod
    def _open_cs_complaint(cls):
        complaint = cls._bring_to('resolved')
        cls._revisit(complaint)
        return complaint.with_user(cls.specialist), lambda: complaint.with_user(cls.supervisor).action_close()

    @classmethod
    def _open_cs_revisit(cls):
        revisit = cls.env['cs.revisit'].with_user(cls.agent).create(
            {'kind': 'manual', 'partner_id': cls.customer.id, 'company_id': cls.company.id}
        )
        return revisit, lambda: revisit.action_done(satisfaction='satisfied', opinion="Called: all well.")

    @classmethod
    def _open_cs_return(cls):
        record = cls.env['cs.return'].with_user(cls.agent).create(
            {
                'company_id': cls.company.id,
                'partner_id': cls.customer.id,
                'line_ids': [Command.create({'name': "Bed", 'price_unit': 900, 'quantity': 1})],
            }
        )
        return record, lambda: record.action_cancel(reason="Settled otherwise.")

    @classmethod
    def _open_cs_compensation(cls):
        record = cls.env['cs.compensation'].with_user(cls.specialist).create(
            {
                'company_id': cls.company.id,
                'partner_id': cls.customer.id,
                'merchant_id': cls.merchant.id,
                'contract_ref': "HT-1",
                'contract_amount': 3000,
                'amount': 500,
                'description': "The frame broke.",
                'basis_id': cls.env.ref('cs_center.basis_contract').id,
            }
        )
        return record, lambda: record.sudo().write({'state': 'paid'})

    def _say(self, record):
        """A message with a file, and a file of its own, as they were made some time ago."""
        message = record.message_post(
            body="Said.", subtype_xmlid='mail.mt_note', attachments=[("said.txt", b"Said, too.")]
        )
        paper = record.env['ir.attachment'].create(
            {'name': "shown.txt", 'raw': b"Shown.", 'res_model': record._name, 'res_id': record.id}
        )
        files = paper | message.attachment_ids
        self._age(message, files)
        return message, files

    def _age(self, *several):
        """As if they had been made in an earlier transaction."""
        self.env.flush_all()
        for records in several:
            self.env.cr.execute(
                f"UPDATE {records._table} SET create_date = create_date - INTERVAL '1 day' WHERE id = ANY(%s)",
                [records.ids],
            )
        self.env.invalidate_all()

    def _facts(self, message, files):
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.cr.execute(
            """SELECT id, body, subject, date, author_id, email_from, model, res_id, is_internal, subtype_id,
                      message_type, parent_id,
                      (SELECT array_agg(attachment_id ORDER BY 1) FROM message_attachment_rel WHERE message_id = id),
                      (SELECT array_agg(t.id || coalesce(t.new_value_char, '')) FROM mail_tracking_value t
                        WHERE t.mail_message_id = m.id)
                 FROM mail_message m WHERE id = ANY(%s) ORDER BY id""",
            [message.ids],
        )
        said = self.env.cr.fetchall()
        self.env.cr.execute(
            """SELECT id, name, res_model, res_id, res_field, store_fname, checksum, mimetype, description, public,
                      access_token, url, type, company_id, db_datas
                 FROM ir_attachment WHERE id = ANY(%s) ORDER BY id""",
            [files.ids],
        )
        return said, self.env.cr.fetchall()

    def _tries(self, record, message, files):
        """Every way to change or delete them, as (words, function of the user)."""
        for vals in MESSAGE_CHANGES:
            yield f"message {vals}", lambda user, vals=vals: message.with_user(user).write(dict(vals))
        yield "message unlink", lambda user: message.with_user(user).unlink()
        for one in message:
            yield "update_content", lambda user, one=one: record.with_user(user)._message_update_content(
                one.with_user(user).sudo(), body="x"
            )
            yield "update_content, not strict", lambda user, one=one: record.with_user(user)._message_update_content(
                one.with_user(user).sudo(), body="", attachment_ids=[], strict=False
            )
        for command in (
            Command.unlink(message[:1].id), Command.delete(message[:1].id),
            Command.update(message[:1].id, {'body': "x"}),
            Command.set([]),
        ):
            yield f"message_ids {command}", lambda user, command=command: record.with_user(user).write(
                {'message_ids': [command]}
            )
        for paper in files:
            for vals in FILE_CHANGES:
                yield f"file {vals}", lambda user, paper=paper, vals=vals: paper.with_user(user).write(dict(vals))
            yield "file unlink", lambda user, paper=paper: paper.with_user(user).unlink()
            yield "file delete_and_notify", lambda user, paper=paper: paper.with_user(user).sudo()._delete_and_notify()
            yield "file by a new message", lambda user, paper=paper: message.with_user(user).create(
                {
                    'model': record._name, 'res_id': record.id, 'body': "x",
                    'attachment_ids': [Command.update(paper.id, {'name': "x"})],
                }
            )

    def _try_all(self, record, message, files, users):
        before = self._facts(message, files)
        wrong = []
        for what, attempt in self._tries(record, message, files):
            for user in users:
                changed = False
                with (
                    suppress(UserError, ValueError),
                    mute_logger('odoo.models', 'odoo.addons.base.models.ir_rule'),
                    self.env.cr.savepoint(),
                ):
                    attempt(user)
                    changed = self._facts(message, files) != before
                    raise UserError("undone")
                self.env.invalidate_all()
                if changed:
                    wrong.append((record._name, what, user.login))
        self.assertFalse(wrong)
        self.assertEqual(self._facts(message, files), before)


@tagged('post_install', '-at_install')
class TestSecurityEvidence(EvidenceCase, HttpCase):
    """Files and messages of a document that came to its end stay as they are, for everybody and by every path."""

    def _each(self):
        for name in self.Names:
            if hasattr(self, '_open_' + name.replace('.', '_')):
                yield self._open(name)

    def test_every_kind_is_tried(self):
        ours = [name for name in self.Names if self.env[name]._original_module == 'cs_center']
        self.assertFalse([name for name in ours if not hasattr(self, '_open_' + name.replace('.', '_'))])
        for name in self.Names:
            self.assertLessEqual({'kept_message', 'kept_file'}, set(self.env[name]._protected_fields), name)

    def test_changed_while_open_kept_after_the_end(self):
        for record, end in self._each():
            message, files = self._say(record)
            message.write({'body': "Put right."})
            files.write({'description': "Put right."})
            end()
            self._try_all(record, message, files, (record.env.user, self.manager, self.root))

    def test_added_after_the_end_and_kept_at_once(self):
        for record, end in self._each():
            end()
            message = record.with_user(self.supervisor).message_post(
                body="Found later.", attachments=[("later.txt", b"Later.")]
            )
            files = message.attachment_ids
            self._age(message, files)
            self._try_all(record, message, files, (self.supervisor, self.root))

    def test_reopened_for_what_is_new_alone(self):
        for record, end in self._each():
            message, files = self._say(record)
            end()
            late = record.with_user(self.supervisor).message_post(body="Found later.")
            self._age(late)
            record.sudo().write({'state': record._open_states[-1]})  # as each step back does
            self._try_all(record, message | late, files, (record.env.user, self.manager, self.root))
            fresh, papers = self._say(record)
            fresh.write({'body': "Put right."})
            papers.write({'name': "Put right."})
            papers.unlink()
            self.assertIn("Put right.", fresh.body)

    def test_a_real_reopening(self):
        complaint = self._bring_to('resolved')
        self._revisit(complaint)
        as_handler = complaint.with_user(self.specialist)
        message, files = self._say(as_handler)
        complaint.with_user(self.supervisor).action_close()
        complaint.with_user(self.supervisor).action_reopen(reason="Broken again.")
        self._try_all(as_handler, message, files, (self.specialist, self.root))
        with self.assertRaises(UserError):
            as_handler.write({'kept_message': 0})
        self.assertGreaterEqual(complaint.sudo().kept_message, message.id)

    def test_files_of_parts(self):
        """By introspection: whatever names a document carries its files."""
        complaint = self._bring_to('resolved')
        self._revisit(complaint)
        carriers = complaint.sudo().contact_ids[:1] | complaint.sudo().contact_ids[:0]
        parts = [carriers, complaint.sudo().responsibility_ids[:1], complaint.sudo().step_ids[:1]]
        parts.append(complaint.sudo().clock_ids[:1])
        reception = self.env['cs.reception'].with_user(self.clerk).create(
            {
                'case_id': complaint.id, 'company_id': self.company.id, 'topic': "Visit",
                **self._reception_vals(),
            }
        )
        parts.append(reception)
        papers = self.env['ir.attachment']
        for part in filter(None, parts):
            papers |= self.env['ir.attachment'].create(
                {'name': part._name, 'raw': b"x", 'res_model': part._name, 'res_id': part.id}
            )
        word = reception.message_post(body="Came at noon.")
        self._age(papers, word)
        complaint.with_user(self.supervisor).action_close()
        self._try_all(reception.sudo().with_env(self.env), word, papers, (self.manager, self.root))
        with self.assertRaises(UserError):
            reception.with_user(self.clerk).write({'case_id': False})
        with self.assertRaises(UserError):
            reception.with_user(self.root).unlink()
        self.assertTrue(papers.exists() == papers and word.exists())

    def _reception_vals(self):
        model = self.env['cs.reception']
        values = {}
        for field in model._fields.values():
            if field.required and field.type == 'selection' and not field.default:
                values[field.name] = field.get_values(self.env)[0]
            elif field.required and field.type in ('char', 'text') and not field.default and not field.compute:
                values[field.name] = "Visit"
        return values

    def test_a_part_deleted_in_between(self):
        complaint = self._bring_to('resolved')
        self._revisit(complaint)
        part = complaint.with_user(self.specialist).responsibility_ids
        paper = self.env['ir.attachment'].create(
            {'name': "share", 'raw': b"x", 'res_model': part._name, 'res_id': part.id}
        )
        complaint.with_user(self.supervisor).action_close()
        complaint.with_user(self.supervisor).action_reopen(reason="Broken again.")
        self._age(paper)
        with self.assertRaises(UserError):
            part.unlink()
        self.assertTrue(paper.exists())

    def test_tracking(self):
        """What was changed when, too: neither written by administrators nor through a new message."""
        complaint, end = self._open('cs.complaint')
        message = self.env['mail.message'].sudo().search(
            [('model', '=', complaint._name), ('res_id', '=', complaint.id), ('tracking_value_ids', '!=', False)],
            limit=1,
        )
        change = message.tracking_value_ids[:1]
        if not change:
            self.env.flush_all()
            change = self.env['mail.tracking.value'].create(
                {
                    'mail_message_id': complaint.message_ids[:1].id,
                    'field_id': self.env['ir.model.fields']._get(complaint._name, 'state').id,
                    'new_value_char': "Resolved",
                }
            )
            message = change.mail_message_id
        end()
        self._age(message, change)
        before = self._facts(message, self.env['ir.attachment'])
        for user in (self.specialist, self.root):
            own = self.env['mail.message'].with_user(user)
            here = {'model': complaint._name, 'res_id': complaint.id, 'body': "x"}
            for attempt in (
                lambda user=user: change.with_user(user).write({'new_value_char': "x"}),
                lambda user=user: change.with_user(user).unlink(),
                lambda user=user: change.with_user(user).create({'mail_message_id': message.id}),
                lambda own=own, here=here: own.create(
                    {**here, 'tracking_value_ids': [Command.update(change.id, {'new_value_char': "x"})]}
                ),
                lambda own=own, here=here: own.create({**here, 'tracking_value_ids': [Command.delete(change.id)]}),
                lambda own=own, here=here: own.create({**here, 'tracking_value_ids': [Command.link(change.id)]}),
                lambda own=own: own.create(
                    {'body': "x", 'tracking_value_ids': [Command.update(change.id, {'new_value_char': "x"})]}
                ),
                lambda user=user: complaint.with_user(user).message_post(
                    body="x", tracking_value_ids=[Command.update(change.id, {'new_value_char': "x"})]
                ),
            ):
                with self.assertRaises(UserError):
                    attempt()
                self.assertEqual(self._facts(message, self.env['ir.attachment']), before)

    def test_routes(self):
        """The routes work as superuser once they judged by themselves."""
        complaint, end = self._open('cs.complaint')
        message, files = self._say(complaint)
        own = files.filtered(lambda paper: paper.create_uid == self.specialist)
        tokens = {paper: paper.with_user(self.specialist)._get_ownership_token() for paper in own}
        end()
        before = self._facts(message, files)
        for user in (self.specialist, self.supervisor, self.root):
            self.authenticate(user.login, user.login)
            for route, params in (
                *(
                    ('/mail/attachment/delete', {'attachment_id': paper.id, 'access_token': token})
                    for paper in files
                    for token in filter(None, (False, tokens.get(paper)) if paper in tokens else (None,))
                ),
                *(('/mail/attachment/delete', {'attachment_id': paper.id}) for paper in files),
                (
                    '/mail/message/update_content',
                    {'message_id': message.id, 'update_data': {'body': "x", 'attachment_ids': []}},
                ),
                (
                    '/mail/message/update_content',
                    {'message_id': message.id, 'update_data': {'body': "", 'attachment_ids': []}},
                ),
                ('/html_editor/attachment/remove', {'ids': files.ids}),
                ('/web/dataset/call_kw/ir.attachment/unlink', {
                    'model': 'ir.attachment', 'method': 'unlink', 'args': [files.ids], 'kwargs': {},
                }),
            ):
                with self.subTest(route=route, user=user.login), mute_logger('odoo.http'):
                    with self.assertRaises(JsonRpcException):
                        self.make_jsonrpc_request(route, params)
                    self.assertEqual(self._facts(message, files), before)

    def test_files_from_elsewhere(self):
        """A file of another record that a message shows is what the customer was shown."""
        complaint, end = self._open('cs.complaint')
        template = self.env['mail.template'].create(
            {'name': "Answer", 'model_id': self.env['ir.model']._get_id('cs.complaint')}
        )
        paper = self.env['ir.attachment'].create(
            {'name': "terms.txt", 'raw': b"Terms.", 'res_model': 'mail.template', 'res_id': template.id}
        )
        template.attachment_ids = paper
        message = complaint.message_post(body="See there.")
        message.sudo().attachment_ids = paper
        end()
        self._age(message, paper)
        self._try_all(complaint, message, paper, (self.root,))
        template.with_user(self.root).write({'subject': "Other"})  # writes the place of its files anew each time

    def test_what_odoo_writes_twice(self):
        """Adding goes on: Odoo writes once more to the messages and files that it just made."""
        for record, end in self._each():
            todo = record.with_user(self.supervisor).activity_schedule(
                'mail.mail_activity_data_todo', user_id=self.supervisor.id
            )
            paper = self.env['ir.attachment'].with_user(self.supervisor).create(
                {'name': "todo.txt", 'raw': b"x", 'res_model': 'mail.activity', 'res_id': todo.id}
            )
            end()
            self._age(paper)
            image = f'<p>See <img src="data:image/png;base64,{PNG}" data-filename="x.png"></p>'
            message = record.with_user(self.supervisor).message_post(body=Markup(image))
            self.assertEqual(len(message.attachment_ids), 1)
            if todo.exists() and todo.active:
                done = todo.with_user(self.supervisor)._action_done(feedback="Done.")[0]
                self.assertEqual(done.attachment_ids, paper)

    def test_an_answer_given_twice(self):
        """Who presses the face in the mail again once the revisit is done says something new."""
        self.customer.email = "wang@example.com"
        revisit, end = self._open('cs.revisit')
        revisit.action_ask_by_link()
        rating = revisit.sudo().rating_ids
        revisit.sudo().rating_apply(5, token=rating.access_token, feedback="Good.")
        first = rating.message_id
        self.assertTrue(first)
        end()
        self._age(first)
        before = self._facts(first, first.attachment_ids)
        revisit.sudo().rating_apply(1, token=rating.access_token, feedback="Not at all.")
        self.assertEqual(self._facts(first, first.attachment_ids), before)
        self.assertEqual((rating.message_id, rating.rating, rating.feedback), (first, 5, "Good."))
        self.assertIn("Not at all", "".join(revisit.sudo().message_ids.mapped('body')))

    def test_superuser_as_before(self):
        """What Odoo cleans up by itself, and the purge of a reporter."""
        complaint, end = self._open('cs.complaint')
        complaint.message_post(body="Ms Wang, 139 0000 1111, called.")
        end()
        self._age(complaint.sudo().message_ids)
        complaint.with_user(self.manager).action_make_confidential(reason="She is afraid.")
        self.assertNotIn("Wang", "".join(map(str, complaint.sudo().message_ids.mapped('body'))))
        self.assertIn('action_make_confidential', complaint.sudo().step_ids.mapped('method'))
        message = complaint.sudo().message_ids[:1]
        message.unlink()
        self.assertFalse(message.exists())

    def test_queries(self):
        """No query for each message or file."""
        complaint, end = self._open('cs.complaint')
        counts = []
        end()
        for number in (2, 20):
            messages = self.env['mail.message'].sudo().create(
                [{'model': complaint._name, 'res_id': complaint.id, 'body': "x"} for _n in range(number)]
            )
            files = self.env['ir.attachment'].sudo().create(
                [
                    {'name': "x", 'raw': b"x", 'res_model': complaint._name, 'res_id': complaint.id}
                    for _n in range(number)
                ]
            )
            self._age(messages, files)
            for records in (messages, files):
                own = records.with_user(self.root)
                self.assertFalse(own._filtered_access('write'))
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                own._filtered_access('write')
                counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[:2], counts[2:])


@tagged('post_install', '-at_install')
class TestSecurityBinary(EvidenceCase):
    """No field that steps alone write lives in a file that others may write."""

    def _binaries(self):
        for name, model in self.env.registry.items():
            if name.startswith('cs.') and not model._abstract:
                for field in self.env[name]._fields.values():
                    if field.type in ('binary', 'image') and field.store and not field.related:
                        yield name, field

    def test_all_in_columns(self):
        self.assertFalse([(name, field.name) for name, field in self._binaries() if field.attachment])
        self.assertIn(('cs.return', 'customer_signature'), [(name, field.name) for name, field in self._binaries()])

    def test_nothing_is_planted(self):
        """No file takes the place of a field of ours, whatever becomes of the field."""
        for name in self.Names:
            if not hasattr(self, '_open_' + name.replace('.', '_')):
                continue
            record, _end = self._open(name)
            for field in ('manager_signature', 'message_main_attachment_id', 'state'):
                place = {'res_model': name, 'res_id': record.id, 'res_field': field}
                for user in (record.env.user, self.manager, self.root):
                    with self.subTest(kind=name, field=field, user=user.login):
                        Files = self.env['ir.attachment'].with_user(user)
                        with self.assertRaises(AccessError):
                            Files.create({'name': "x", 'raw': b"x", **place})
                        for vals in (place, {'res_field': field}, {'res_field': field, 'name': "y"}):
                            free = Files.create(
                                {'name': "x", 'raw': b"x", 'res_model': name, 'res_id': record.id}
                            )
                            with self.assertRaises(AccessError):
                                free.write(dict(vals))
                        there = self.env['ir.attachment'].sudo().create({'name': "x", 'raw': b"x", **place})
                        with self.assertRaises(AccessError):
                            there.with_user(user).write({'raw': b"y"})
                        with self.assertRaises(AccessError):
                            there.with_user(user).unlink()
                        there.unlink()
