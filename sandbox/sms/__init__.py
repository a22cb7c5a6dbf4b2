"""A text message gateway in the shape of Tencent Cloud's SendSms, API 3.0. Root: /sms."""
