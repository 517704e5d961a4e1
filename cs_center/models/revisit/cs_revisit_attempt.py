from odoo import fields, models


class CsRevisitAttempt(models.Model):
    """A try to reach the customer, whether or not it was answered. Written by the steps of the revisit alone."""

    _name = 'cs.revisit.attempt'
    _description = "Attempt of a Revisit"
    _inherit = ['cs.case.shield.mixin', 'cs.note.mixin']
    _order = 'date, id'
    _rec_name = 'revisit_id'
    _shield_fields = ('revisit_id',)

    revisit_id = fields.Many2one('cs.revisit', required=True, readonly=True, index=True, ondelete='cascade')
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one('res.users', string="By", required=True, readonly=True)
    outcome = fields.Selection(
        [
            ('answered', "Reached"),
            ('no_answer', "No Answer"),
            ('busy', "Busy"),
            ('off', "Switched Off"),
            ('wrong_number', "Wrong Number"),
            ('call_later', "Call Later"),
            ('refused', "Does Not Want to Answer"),
            ('do_not_call', "Does Not Want to Be Called Again"),
        ],
        string="How the Call Ended",
        required=True,
        readonly=True,
    )
    counted = fields.Boolean(readonly=True, help="Far enough from the attempt before to count as one more.")
    note = fields.Text(readonly=True)
