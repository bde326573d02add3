"""The model: its parameters, the spiking rates, and the stimulus."""
