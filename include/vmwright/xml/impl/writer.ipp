// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/print.hpp>
#include <vmwright/xml/detail/writer.hpp>

namespace vmwright::inline v0::xml::detail
{

namespace writer
{
namespace
{

auto append_element(pugi::xml_node owner, std::string_view name) -> pugi::xml_node
{
    return owner.append_child(std::string{name}.c_str());
}

void append_text(pugi::xml_node element, std::string_view text)
{
    element.append_child(pugi::node_pcdata).set_value(std::string{text}.c_str());
}

} // namespace
} // namespace writer

auto Writer::create(std::string_view elements) -> pugi::xml_node
{
    auto owner = element_;
    for_each_step(elements, [&](std::string_view name) {
        auto const last = owner.last_child();
        owner = last && name == last.name() ? last : writer::append_element(owner, name);
    });
    return owner;
}

auto Writer::append(std::string_view elements) -> pugi::xml_node
{
    auto const steps = Path{elements};
    return writer::append_element(create(steps.elements), steps.last);
}

auto whole_amount(Size size, std::string_view unit) -> Amount
{
    if (auto const factor = bytes_per_unit(unit).value_or(0); factor != 0 && size.bytes % factor == 0)
        return {size.bytes / factor, unit};
    return size.bytes % 1024 == 0 ? Amount{size.bytes / 1024, "KiB"} : Amount{size.bytes, "bytes"};
}

void Writer::put(std::string_view path, std::string_view text)
{
    auto const steps = Path{path};
    auto const owner = create(steps.elements);
    if (steps.is_self())
        writer::append_text(owner, text);
    else if (steps.is_attribute())
        pugi::xml_node{owner}.append_attribute(std::string{steps.attribute()}.c_str()).set_value(std::string{text}.c_str());
    else
        writer::append_text(create(path), text);
}

void Writer::put_amount(std::string_view path, std::uint64_t amount, std::string_view unit)
{
    auto const steps = Path{path};
    auto const text = fmt::format("{}", amount);
    auto element = create(steps.is_self() || steps.is_attribute() ? steps.elements : path);
    if (steps.is_attribute())
        element.append_attribute(std::string{steps.attribute()}.c_str()).set_value(text.c_str());
    element.append_attribute("unit").set_value(std::string{unit}.c_str());
    if (!steps.is_attribute())
        writer::append_text(element, text);
}

void Writer::put_scaled(std::string_view path, Size size, std::string_view unit)
{
    auto const whole = whole_amount(size, unit);
    put_amount(path, whole.count, whole.unit);
}

void Writer::put_pretty(std::string_view path, Size size)
{
    constexpr std::string_view units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    auto amount = size.bytes;
    std::size_t unit = 0;
    for (; amount != 0 && amount % 1024 == 0 && unit + 1 < std::size(units); amount /= 1024)
        ++unit;
    put_amount(path, amount, units[unit]);
}

void Writer::with_end_tag()
{
    mark_end_tag(element_);
}

void Writer::raw(std::string_view, std::optional<std::string> const& field)
{
    if (!field)
        return;
    element_.append_buffer(field->data(), field->size(), pugi::parse_full);
}

} // namespace vmwright::inline v0::xml::detail
