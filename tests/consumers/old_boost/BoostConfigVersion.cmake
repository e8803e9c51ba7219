# SPDX-License-Identifier: BSL-1.0
# Stands in for Debian 12's libboost-dev.
set(PACKAGE_VERSION 1.74.0)
set(PACKAGE_VERSION_COMPATIBLE FALSE)
