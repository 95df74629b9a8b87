"""Floor 2: whole models, put together from the layers below."""
