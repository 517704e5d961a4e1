import re
from email.message import Message

from odoo import api, models

# GB 18030 reads all that the others write; programs call GBK by the name of the smaller set
CHINESE = ('gb2312', 'gb_2312-80', 'gbk', 'x-gbk', 'cp936')
IN_HEADER = re.compile(rf"=\?(?:{'|'.join(CHINESE)})\?", re.IGNORECASE)


class MailThread(models.AbstractModel):
    """Mail in Chinese says GB 2312 and is written in GBK: names and rarer characters would be lost."""

    _inherit = 'mail.thread'

    @api.model
    def message_parse(self, message, save_original=False):
        if isinstance(message, Message):
            self._cs_read_as_gb18030(message)
        return super().message_parse(message, save_original=save_original)

    def _cs_read_as_gb18030(self, message):
        for part in message.walk():
            if (part.get_content_charset() or '').lower() in CHINESE:
                part.set_param('charset', 'gb18030')
        for name in {name for name, value in message.raw_items() if IN_HEADER.search(value)}:
            values = [IN_HEADER.sub('=?gb18030?', value) for key, value in message.raw_items() if key == name]
            del message[name]
            for value in values:
                message[name] = re.sub(r'[\r\n]+\s*', ' ', value)
