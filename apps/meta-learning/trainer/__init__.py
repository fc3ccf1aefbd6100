"""What train.py is made of: options, data, models, the training loop and its figures."""
