// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/command.hpp>

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qmp
{

struct ObjectTypeInfo
{
    std::string name{};
    std::optional<bool> abstract{};
    std::optional<std::string> parent{};

    bool operator==(ObjectTypeInfo const&) const = default;
};

struct qom_list_types
{
    static constexpr std::string_view name{"qom-list-types"};
    using Reply = std::vector<ObjectTypeInfo>;

    std::optional<std::string> implements{}; ///< only types below this one
    std::optional<bool> abstract{};          ///< the abstract ones too
};

struct ObjectPropertyInfo
{
    std::string name{};
    std::string type{};
    std::optional<std::string> description{};
    std::optional<boost::json::value> default_value{};

    bool operator==(ObjectPropertyInfo const&) const = default;
};

struct device_list_properties
{
    static constexpr std::string_view name{"device-list-properties"};
    using Reply = std::vector<ObjectPropertyInfo>;

    std::string typename_{};
};

struct qom_list
{
    static constexpr std::string_view name{"qom-list"};
    using Reply = std::vector<ObjectPropertyInfo>;

    std::string path{};
};

struct qom_get
{
    static constexpr std::string_view name{"qom-get"};
    using Reply = boost::json::value;

    std::string path{};
    std::string property{};
};

extern template struct CommandCodec<qom_list_types>;
extern template struct CommandCodec<device_list_properties>;
extern template struct CommandCodec<qom_list>;
extern template struct CommandCodec<qom_get>;

} // namespace vmwright::inline v0::qmp
