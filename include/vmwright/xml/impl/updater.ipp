// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/updater.hpp>

namespace vmwright::inline v0::xml::detail
{

Updater::~Updater()
{
    for (auto const& [behind, element] : new_)
        edits_.insert_element(element_, behind, element);
}

auto Updater::find(std::string_view path) -> Place
{
    auto const steps = Path{path};
    auto owner = element_;
    for_each_step(steps.elements, [&](std::string_view name) {
        auto const child = owner ? child_named(owner, name) : owner;
        if (child && owner == element_)
            passed_ = child;
        owner = child;
    });
    if (!owner || steps.is_self())
        return {owner, owner};
    if (steps.is_attribute())
        return {owner, owner};
    auto const child = child_named(owner, steps.last);
    if (child && owner == element_)
        passed_ = child;
    return {owner, child};
}

auto Updater::all(std::string_view elements) -> std::vector<pugi::xml_node>
{
    auto const steps = Path{elements};
    auto const owner = steps.elements.empty() ? element_ : find(steps.elements).element;
    std::vector<pugi::xml_node> found;
    for (auto const child : owner.children())
        if (is_named(child, steps.last))
            found.push_back(child);
    if (!found.empty() && owner == element_)
        passed_ = found.back();
    return found;
}

void Updater::set_text(std::string_view path, std::string_view text)
{
    auto const steps = Path{path};
    auto const place = find(path);
    if (!place.owner || !place.element)
        write_new([&](Writer& write) { write(path, std::string{text}); });
    else if (steps.is_attribute())
        edits_.set_attribute(place.owner, steps.attribute(), text);
    else
        edits_.set_text(place.element, text);
}

void Updater::set_amount(std::string_view path, pugi::xml_node element, Size size, std::string_view default_unit)
{
    auto const written = attribute_named(element, "unit");
    auto const unit = written ? std::string_view{written.value()} : default_unit;
    auto factor = bytes_per_unit(unit).value_or(0);
    if (factor == 0 || size.bytes % factor != 0) {
        factor = size.bytes % 1024 == 0 ? 1024 : 1;
        edits_.set_attribute(element, "unit", factor == 1024 ? "KiB" : "bytes");
    }
    set_text(path, fmt::format("{}", size.bytes / factor));
}

void Updater::remove(std::string_view path)
{
    auto const steps = Path{path};
    auto const place = find(path);
    if (!place.owner || !place.element)
        return;
    if (steps.is_attribute())
        edits_.remove_attribute(place.owner, steps.attribute());
    else
        edits_.remove_element(place.element);
}

void Updater::flag(std::string_view path, bool field)
{
    auto const place = find(path);
    if (field && !place.element)
        write_new([&](Writer& write) { write.flag(path, true); });
    else if (!field && place.element)
        edits_.remove_element(place.element);
}

void Updater::state(std::string_view path, std::optional<bool> field)
{
    std::optional<bool> old;
    reader([&](Reader& read) { read.state(path, old); });
    auto const place = find(path);
    if (old == field)
        return;
    if (!field)
        edits_.remove_element(place.element);
    else if (!place.element)
        write_new([&](Writer& write) { write.state(path, field); });
    else
        edits_.set_attribute(place.element, "state", on_off.format(*field));
}

void Updater::raw(std::string_view name, std::optional<std::string> const& field)
{
    auto const place = find(name);
    auto const old = place.element ? std::optional{markup(document_.tree(), place.element)} : std::nullopt;
    if (old == field)
        return;
    if (place.element)
        edits_.remove_element(place.element);
    if (field)
        write_new([&](Writer& write) { write.raw(name, field); });
}

auto Updater::fresh() -> pugi::xml_node
{
    if (!fresh_) {
        fresh_ = std::make_unique<pugi::xml_document>();
        fresh_->append_child("x");
    }
    return fresh_->first_child();
}

void Updater::note_new(pugi::xml_node before)
{
    for (auto element = before ? before.next_sibling() : fresh().first_child(); element; element = element.next_sibling())
        new_.emplace_back(passed_, element);
}

} // namespace vmwright::inline v0::xml::detail
