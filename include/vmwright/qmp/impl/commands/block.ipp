// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/commands/block.hpp>

#include <vmwright/qmp/convert.hpp>

namespace vmwright::inline v0::qmp
{

BOOST_DESCRIBE_STRUCT(ImageInfo, (), (filename, format, actual_size, virtual_size, backing_filename))
BOOST_DESCRIBE_STRUCT(BlockDeviceInfo, (), (file, node_name, ro, drv, backing_file, backing_file_depth, image))
BOOST_DESCRIBE_STRUCT(BlockInfo, (), (device, qdev, removable, locked, inserted, tray_open, io_status))

template struct CommandCodec<query_block>;

} // namespace vmwright::inline v0::qmp
