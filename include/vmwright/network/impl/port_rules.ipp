// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/network/detail/checking.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace vmwright::inline v0::detail
{

void check_vlan(Vlan const& vlan, std::string const& node, Findings const& at)
{
    constexpr std::uint32_t last = 4095;
    if (vlan.tags.empty())
        at.error(node, Fault::missing, "the VLAN has no tag", "add <tag id='…'/>");
    if (vlan.tags.size() > 1 && vlan.trunk == false)
        at.error(node + "/@trunk", Fault::conflict, "what is in several VLANs is a trunk", "use trunk='yes'");
    std::size_t native = 0;
    for (std::size_t i = 0; i < vlan.tags.size(); ++i) {
        auto const& tag = vlan.tags[i];
        auto const place = fmt::format("{}/tag[{}]", node, i + 1);
        if (tag.id > last)
            at.error(place + "/@id", Fault::bad_number, fmt::format("{} is not the number of a VLAN", tag.id),
                     "give 0 to 4095");
        if (tag.native_mode && ++native == 2)
            at.error(place + "/@nativeMode", Fault::duplicate, "a second VLAN is native", "remove one nativeMode");
        for (std::size_t j = 0; j < i; ++j)
            if (vlan.tags[j].id == tag.id)
                at.warning(place + "/@id", Fault::duplicate, fmt::format("tag {} is {} too", j + 1, tag.id), "remove one");
    }
}

void check_bandwidth(Bandwidth const& bandwidth, bool guarantees, std::string const& node, Findings const& at)
{
    auto const& inbound = bandwidth.inbound;
    auto const& outbound = bandwidth.outbound;
    if (inbound && !inbound->average && !inbound->floor)
        at.error(node + "/inbound", Fault::missing, "there is neither an average nor a floor", "add average='…'");
    if (inbound && inbound->floor && !guarantees)
        at.error(node + "/inbound/@floor", Fault::not_supported, "only an interface has a floor of its own",
                 "remove it, or set it in the domain");
    if (outbound && outbound->floor)
        at.error(node + "/outbound/@floor", Fault::not_supported, "what a guest sends has no floor", "remove it");
    else if (outbound && !outbound->average)
        at.error(node + "/outbound", Fault::missing, "there is no average", "add average='…'");
    auto const check_peak = [&](std::optional<BandwidthRate> const& rate, std::string_view name) {
        if (rate && rate->peak && rate->average && *rate->peak < *rate->average)
            at.warning(fmt::format("{}/{}/@peak", node, name), Fault::conflict,
                       fmt::format("the peak {} is below the average {}", *rate->peak, *rate->average), "raise it");
    };
    check_peak(inbound, "inbound");
    check_peak(outbound, "outbound");
}

void check_virtual_port(VirtualPort const& port, bool needs_type, std::string const& node, Findings const& at)
{
    constexpr std::size_t longest_profile = 39;
    auto const& p = port.parameters;
    auto const place = [&](std::string_view name) { return fmt::format("{}/parameters/@{}", node, name); };
    auto const limit = [&](std::optional<std::uint32_t> value, std::uint32_t most, std::string_view name) {
        if (value && *value > most)
            at.error(place(name), Fault::bad_number, fmt::format("{} is not a {}", *value, name),
                     fmt::format("give 0 to {}", most));
    };
    limit(p.manager_id, 0xff, "managerid");
    limit(p.type_id, 0xff'ffff, "typeid");
    limit(p.type_id_version, 0xff, "typeidversion");
    if (p.profile_id.size() > longest_profile)
        at.error(place("profileid"), Fault::bad_text,
                 fmt::format("the name of the profile has {} bytes", p.profile_id.size()), "give at most 39");
    if (!port.type) {
        if (needs_type)
            at.error(node, Fault::missing, "the virtual port has no type", "as type='openvswitch'");
        return;
    }
    auto const type = *port.type;
    if (type == VirtualPortType::none)
        return at.error(node + "/@type", Fault::unknown_value, "'none' is not a type of virtual ports",
                        "remove the whole element");
    auto const only_for = [&](bool is_said, bool fits, std::string_view name) {
        if (is_said && !fits)
            at.error(place(name), Fault::not_supported, fmt::format("a virtual port '{}' has no {}", to_string(type), name),
                     "remove it");
    };
    auto const is_vepa = type == VirtualPortType::vepa;
    auto const is_openvswitch = type == VirtualPortType::openvswitch;
    only_for(p.manager_id.has_value(), is_vepa, "managerid");
    only_for(p.type_id.has_value(), is_vepa, "typeid");
    only_for(p.type_id_version.has_value(), is_vepa, "typeidversion");
    only_for(p.instance_id.has_value(), is_vepa, "instanceid");
    only_for(!p.profile_id.empty(), is_openvswitch || type == VirtualPortType::vnlink, "profileid");
    only_for(p.interface_id.has_value(), is_openvswitch || type == VirtualPortType::midonet, "interfaceid");
}

void check_filter_ref(FilterRef const& filter, std::string const& node, Findings const& at)
{
    constexpr std::string_view name_chars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    constexpr std::string_view value_chars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:";
    if (filter.filter.empty())
        at.error(node, Fault::missing, "the filter has no name", "as filter='clean-traffic'");
    for (std::size_t i = 0; i < filter.parameters.size(); ++i) {
        auto const& [name, value] = filter.parameters[i];
        auto const place = fmt::format("{}/parameter[{}]", node, i + 1);
        if (name.empty() || value.empty())
            at.warning(place, Fault::ignored, "a parameter has a name and a value; it is ignored",
                       "add name='…' and value='…'");
        else if (name.find_first_not_of(name_chars) != std::string::npos)
            at.warning(place + "/@name", Fault::ignored,
                       fmt::format("'{}' is not the name of a parameter; it is ignored", name), "use letters, digits and _");
        else if (value.find_first_not_of(value_chars) != std::string::npos)
            at.warning(place + "/@value", Fault::ignored,
                       fmt::format("'{}' is not the value of a parameter; it is ignored", value),
                       "use letters, digits, and any of _.:");
    }
}

void check_owner(PortOwner const& owner, std::string const& node, Findings const& at)
{
    if (owner.name.empty())
        at.error(node, Fault::missing, "the domain has no name", "add <name>…</name>");
    if (!owner.uuid)
        at.error(node, Fault::missing, "the domain has no uuid", "add <uuid>…</uuid>");
}

void complete(Vlan& vlan)
{
    if (vlan.tags.size() > 1)
        vlan.trunk = true;
    else if (vlan.trunk == false)
        vlan.trunk.reset();
}

void complete(FilterRef& filter)
{
    std::ranges::stable_sort(filter.parameters, {}, &FilterParameter::name);
}

} // namespace vmwright::inline v0::detail
