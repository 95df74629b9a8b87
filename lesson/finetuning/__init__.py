"""Fine-tuning: teach a trained model something new, moving only as much of it as a plan allows."""
