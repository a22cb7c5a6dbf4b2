"""WeCom (企业微信) as far as a company sends messages to its own people (WeChat doc: §1.12). Root: /qyapi."""
