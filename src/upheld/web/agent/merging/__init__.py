"""Tickets that become one."""
