// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/commands/qom.hpp>

#include <vmwright/qmp/convert.hpp>

namespace vmwright::inline v0::qmp
{

BOOST_DESCRIBE_STRUCT(ObjectTypeInfo, (), (name, abstract, parent))
BOOST_DESCRIBE_STRUCT(qom_list_types, (), (implements, abstract))
BOOST_DESCRIBE_STRUCT(ObjectPropertyInfo, (), (name, type, description, default_value))
BOOST_DESCRIBE_STRUCT(device_list_properties, (), (typename_))
BOOST_DESCRIBE_STRUCT(qom_list, (), (path))
BOOST_DESCRIBE_STRUCT(qom_get, (), (path, property))

template struct CommandCodec<qom_list_types>;
template struct CommandCodec<device_list_properties>;
template struct CommandCodec<qom_list>;
template struct CommandCodec<qom_get>;

} // namespace vmwright::inline v0::qmp
