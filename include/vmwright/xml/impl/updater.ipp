// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/updater.hpp>

namespace vmwright::inline v0::xml::detail
{

void NewElements::note(pugi::xml_node before, pugi::xml_node behind)
{
    for (auto element = before ? before.next_sibling() : written().first_child(); element; element = element.next_sibling())
        list_.emplace_back(behind, element);
}

void NewElements::insert(Edits& edits) const
{
    for (auto const& [behind, element] : list_)
        edits.insert_element(parent_, behind, element);
}

Updater::~Updater()
{
    for (auto const& elements : new_)
        elements.insert(edits_);
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
        if (is_named(child, steps.last, has_prefix(steps.last)))
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
        write_new(path, [&](Writer& write, auto to) { write(to, std::string{text}); });
    else if (steps.is_attribute())
        edits_.set_attribute(place.owner, steps.attribute(), text);
    else
        edits_.set_text(place.element, text);
}

void Updater::set_amount(std::string_view path, pugi::xml_node element, Size size, std::string_view default_unit)
{
    auto const written = attribute_named(element, "unit");
    auto const unit = written ? std::string_view{written.value()} : default_unit;
    auto const whole = whole_amount(size, unit);
    if (whole.unit != unit)
        edits_.set_attribute(element, "unit", whole.unit);
    set_text(path, fmt::format("{}", whole.count));
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
        write_new(path, [&](Writer& write, auto to) { write.flag(to, true); });
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
        write_new(path, [&](Writer& write, auto to) { write.state(to, field); });
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
        write_new(name, [&](Writer& write, auto to) { write.raw(to, field); });
}

auto Updater::place_of_new(std::string_view& path) -> NewElements&
{
    auto parent = element_;
    for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/')) {
        auto const child = child_named(parent, path.substr(0, slash));
        if (!child || path[slash + 1] == '@') // the element of an attribute is new itself
            break;
        parent = child;
        path.remove_prefix(slash + 1);
    }
    auto found = std::ranges::find(new_, parent, &NewElements::parent);
    if (found == new_.end())
        found = new_.insert(found, NewElements{parent});
    return *found;
}

auto Updater::last_like(pugi::xml_node parent, std::string_view path) -> pugi::xml_node
{
    pugi::xml_node last, like;
    auto const name = path.substr(0, path.find('/'));
    for (auto const child : parent.children()) {
        last = child.type() == pugi::node_element ? child : last;
        like = is_named(child, name, has_prefix(name)) ? child : like;
    }
    return like ? like : last;
}

} // namespace vmwright::inline v0::xml::detail
