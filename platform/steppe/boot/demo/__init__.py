"""The demo: headquarters and three branch companies with a month behind them. People and numbers are invented."""
