"""Certificates: what was found about a workspace, signed, so that a third party can verify it offline."""
