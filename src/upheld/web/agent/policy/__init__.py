"""The pages of a desk's policy: its versions for everybody who works there, changing it for those who may publish."""
