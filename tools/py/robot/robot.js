// What the robot does inside the page: it listens to everything that is asked and shown, presses, and says what came of it.
(() => {
    if (window.top !== window || window.__robot) {
        return;
    }
    const R = (window.__robot = { pending: 0, wide: 0 });
    const quiet = (text) => /ResizeObserver loop|service.?worker|Failed to load resource/i.test(text);
    const clear = () =>
        Object.assign(R, { errors: [], refused: [], calls: [], actions: [], prints: [], opened: [], changes: 0 });
    clear();
    const pause = (ms) => new Promise((done) => setTimeout(done, ms));
    const module = (name) => odoo.loader.modules.get(name);
    const env = () => odoo.__WOWL_DEBUG__?.root?.env;
    const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
    const shown = (node) => node.getClientRects().length > 0 && getComputedStyle(node).visibility !== "hidden";
    const words = (node) =>
        (node.innerText || node.title || node.getAttribute("aria-label") || node.dataset.tooltip || "")
            .replace(/\s+/g, " ").trim().slice(0, 60);

    // ---- what is heard
    const fail = (text) => quiet(text) || R.errors.push(text.slice(0, 600));
    window.addEventListener("error", (event) => fail(`script: ${event.message} ${event.error?.stack || ""}`));
    window.addEventListener("unhandledrejection", ({ reason }) => {
        if (reason?.name !== "RPC_ERROR" && reason?.cause?.name !== "RPC_ERROR") {
            fail(`promise: ${reason?.message || reason} ${reason?.cause?.message || ""} ${reason?.stack || ""}`);
        }
    });
    const consoleError = console.error;
    console.error = (...args) => {
        if (!args.some((arg) => String(arg?.stack || arg).includes("RPC_ERROR"))) {
            fail(`console: ${args.map((arg) => arg?.stack || arg).join(" ")}`);
        }
        consoleError(...args);
    };
    window.open = (url) => {
        R.opened.push(String(url));
        return { closed: false, focus() {}, close() {}, location: {} };
    };
    window.print = () => R.opened.push("print");

    const answered = (url, asked, status, text) => {
        R.calls.push(url.replace(/^.*\/(web|mail|odoo)\//, "$1/"));
        if (status >= 400) {
            fail(`answer ${status} of ${url}`);
        }
        let answer;
        try {
            answer = JSON.parse(text);
        } catch {
            return;
        }
        if (answer?.error) {
            const { data, message } = answer.error;
            const { model = "", method = "" } = JSON.parse(asked || "{}").params || {};
            R.refused.push({ url, call: `${model}.${method}`, name: data?.name || "", message: data?.message || message });
        } else if (String(answer?.result?.type || "").startsWith("ir.actions.") && !url.includes("action/load")) {
            const { type, res_model, res_id, target, url: link, tag, name } = answer.result;
            R.actions.push(whole({ type, res_model, res_id, target, url: link, tag, name }));
        }
    };
    const { open, send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.open = function (method, url, ...rest) {
        this.__url = String(url);
        return open.call(this, method, url, ...rest);
    };
    XMLHttpRequest.prototype.send = function (body) {
        R.pending++;
        this.addEventListener("loadend", async () => {
            if (this.__url.includes("/report/download")) {
                const blob = this.response instanceof Blob ? this.response : new Blob([String(this.responseText)]);
                R.prints.push({ status: this.status, size: blob.size, head: await blob.slice(0, 400).text() });
            } else if (this.responseType === "" || this.responseType === "text") {
                answered(this.__url, typeof body === "string" ? body : "", this.status, this.responseText);
            }
            R.pending--;
        });
        return send.call(this, body);
    };
    const fetch_ = window.fetch;
    window.fetch = async (...args) => {
        R.pending++;
        try {
            const answer = await fetch_(...args);
            if (answer.status >= 400) {
                fail(`answer ${answer.status} of ${answer.url}`);
            }
            return answer;
        } finally {
            R.pending--;
        }
    };
    const watch = () =>
        new MutationObserver((list) => (R.changes += list.length)).observe(document.documentElement, {
            childList: true, subtree: true, characterData: true, attributes: true,
            attributeFilter: ["class", "style", "value", "src", "href"],
        });
    document.documentElement ? watch() : document.addEventListener("readystatechange", watch, { once: true });

    // ---- waiting
    const tasks = () => {
        let size = 0;
        for (const app of module("@odoo/owl")?.App.apps || []) {
            size += app.scheduler.tasks.size;
        }
        return size;
    };
    R.settle = async (ms = 30000, long = 5) => {
        const end = performance.now() + ms;
        for (let still = 0; still < long; ) {
            await pause(25);
            const busy = R.pending || document.readyState !== "complete" || document.querySelector(".o_blockUI, .fa-spin");
            still = busy || (window.odoo?.loader && tasks()) ? 0 : still + 1;
            if (performance.now() > end) {
                return false;
            }
        }
        return true;
    };

    // ---- what is on the screen
    const dialog = () => all(".o_dialog:not(.o_inactive_modal) .modal-dialog, .modal.show .modal-dialog").filter(shown).pop();
    const overflow = () => {
        const width = document.documentElement.clientWidth;
        const sheet = dialog()?.querySelector(".modal-body") || document.querySelector(".o_form_view .o_content, .o_form_renderer");
        const spots = [document.documentElement, sheet].filter((node) => node && node.scrollWidth > node.clientWidth + 2);
        if (!spots.length) {
            return "";
        }
        const scrolls = (node) => {
            for (let up = node.parentElement; up && up !== spots[0]; up = up.parentElement) {
                if (/auto|scroll|hidden|clip/.test(getComputedStyle(up).overflowX)) {
                    return true;
                }
            }
            return false;
        };
        const guilty = all("*", spots[0]).find((node) =>
            shown(node) && node.getBoundingClientRect().right > width + 2 && !scrolls(node));
        const name = guilty ? `${guilty.tagName.toLowerCase()}.${String(guilty.className).replace(/\s+/g, ".").slice(0, 90)}` : "?";
        return `${spots[0].scrollWidth} of ${spots[0].clientWidth} px: ${name} ${guilty ? words(guilty) : ""}`;
    };
    R.state = () => {
        const services = env()?.services;
        const controller = services?.action?.currentController;
        const box = dialog();
        const router = module("@web/core/browser/router")?.router.current || {};
        return whole({
            path: location.pathname + location.search, title: document.title, jsId: controller?.jsId,
            action: controller?.action?.id, kind: controller?.action?.type, tag: controller?.action?.tag,
            model: controller?.action?.res_model, view: controller?.view?.type, viewId: controller?.viewId,
            views: (controller?.views || []).filter((view) => view.multiRecord).map((view) => view.type),
            form: (controller?.views || []).some((view) => view.type === "form"),
            record: router.resId || 0, app: services?.menu?.getCurrentApp()?.xmlid || "",
            stage: document.querySelector(".o_form_view .o_statusbar_status .o_arrow_button_current")?.dataset.value || "",
            blank: !document.querySelector(".o_action_manager")?.childElementCount,
            notes: all(".o_notification").map(words),
            overflow: overflow(),
            dialog: box && {
                title: words(box.querySelector(".modal-title") || box), error: Boolean(box.closest(".o_error_dialog, :has(> .o_error_dialog)")
                    || box.querySelector(".o_error_dialog, .o_error_detail")), text: box.innerText.slice(0, 300),
                form: Boolean(box.querySelector(".o_form_view")),
                empty: all(".o_required_modifier", box).filter((node) => shown(node) && (node.classList.contains("o_field_empty")
                    || [...node.querySelectorAll("input:not([type=checkbox]), textarea, select")].some((input) => !input.value
                        || input.value === "false"))).map((node) => node.getAttribute("name")),
            },
            text: document.body.innerText.length + ":" + hash(document.body.innerText),
        });
    };
    // what is not there is told, too
    const whole = (told) => Object.fromEntries(Object.entries(told).map(([name, value]) => [name, value ?? null]));
    const hash = (text) => {
        let sum = 0;
        for (let place = 0; place < text.length; place++) {
            sum = (sum * 31 + text.charCodeAt(place)) | 0;
        }
        return sum;
    };
    const heard = (settled) => ({
        settled, errors: R.errors, refused: R.refused, calls: R.calls, actions: R.actions, prints: R.prints,
        opened: R.opened, changes: R.changes, state: R.state(),
    });
    const click = (node) => {
        node.scrollIntoView?.({ block: "center" });
        for (const kind of ["pointerdown", "mousedown", "pointerup", "mouseup", "click"]) {
            const Kind = kind.startsWith("pointer") ? PointerEvent : MouseEvent;
            node.dispatchEvent(new Kind(kind, { bubbles: true, cancelable: true, view: window, button: 0 }));
        }
    };
    /** Do something and say what came of it. */
    R.run = async (function_) => {
        await R.settle(30000, 2);
        clear();
        try {
            if ((await function_()) === false) {
                return { missing: true, ...heard(true) };
            }
        } catch (error) {
            if (error?.name !== "RPC_ERROR") {
                fail(`robot: ${error?.message} ${error?.cause?.message || ""} ${error?.stack || ""}`);
            }
        }
        return heard(await R.settle());
    };
    const press = async (node) => {
        if (!node || !node.isConnected) {
            return false;
        }
        click(node);
        await pause(30);
        return true;
    };

    // ---- menus, views, filters
    R.menu = (id) =>
        R.run(async () => {
            const menus = env().services.menu;
            const menu = menus.getMenu(id);
            const find = (inside) => all(`${inside} [data-menu-xmlid="${menu.xmlid}"]`).filter(shown)[0];
            if (menus.getCurrentApp()?.id !== menu.appID && menu.appID !== id) {
                menus.setCurrentMenu(menus.getMenu(menu.appID));
                await R.settle();
            }
            let node;
            if (env().isSmall) {
                await press(document.querySelector(".o_main_navbar .o_menu_toggle"));
                await pause(250);
                node = find(".o_app_menu_sidebar");
            } else {
                node = find(".o_menu_sections");
                const togglers = node ? [] : all(".o_menu_sections > .dropdown-toggle, .o_menu_sections .o_menu_sections_more").filter(shown);
                for (const toggler of togglers) {
                    await press(toggler);
                    await pause(60);
                    if ((node = find(".o-dropdown--menu"))) {
                        break;
                    }
                    await press(toggler);
                }
            }
            R.byHand = Boolean(node);
            clear();
            if (node) {
                await press(node);
            } else {
                await menus.selectMenu(menu);
                document.querySelector(".o_app_menu_sidebar .o_sidebar_close")?.click();
            }
            await pause(250 * env().isSmall);
        });
    R.view = (type) =>
        R.run(async () => {
            await pause(env().isSmall ? 0 : 260); // a second press on a switch within this time is taken for a double one
            const button = document.querySelector(`nav.o_cp_switch_buttons .o_switch_view.o_${type}`);
            return button ? press(button) : env().services.action.switchView(type);
        });
    const searchMenu = async () => {
        if (!document.querySelector(".o_searchview_dropdown_toggler")) {
            await press(document.querySelector(".o_control_panel .fa-search")?.closest("button"));
            await pause(60);
        }
        if (!document.querySelector(".o_search_bar_menu")) {
            await press(document.querySelector(".o_searchview_dropdown_toggler"));
            await pause(60);
        }
        for (const toggle of all(".o_search_bar_menu .o_accordion_toggle:not(.open)")) {
            await press(toggle);
        }
        return all(".o_search_bar_menu .o_dropdown_container .o_menu_item, .o_search_bar_menu .o_item_option")
            .filter((node) => shown(node) && !node.matches(".o_add_custom_filter, .o_accordion_toggle"));
    };
    R.filters = async () => (await searchMenu()).map(words);
    R.filter = (place) => R.run(async () => press((await searchMenu())[place]));
    R.unfilter = () =>
        R.run(async () => {
            document.body.click();
            document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
            for (let turn = 0; turn < 12 && document.querySelector(".o_facet_remove"); turn++) {
                await press(document.querySelector(".o_facet_remove"));
                await R.settle();
            }
        });

    // ---- records
    R.rows = async (most) => {
        const { props, action } = env().services.action.currentController;
        const model = action.res_model;
        const orm = env().services.orm;
        const fields = await orm.call(model, "fields_get", [["state"]], { attributes: ["type", "store"] });
        const names = fields.state?.type === "selection" ? ["state"] : ["id"];
        const context = { ...props.context };
        for (const key of Object.keys(context)) {
            if (/^(search_default_|group_by)/.test(key)) {
                delete context[key];
            }
        }
        const rows = await orm.searchRead(model, action.domain?.length ? props.domain || [] : [], names, { limit: 200, context });
        const kinds = new Map();
        for (const row of rows) {
            const found = kinds.get(row.state) || [];
            found.length < 3 && found.push(row.id);
            kinds.set(row.state, found);
        }
        return fields.state ? [...kinds].map(([state, ids]) => ({ state, ids })) : [{ state: "", ids: rows.slice(0, most).map((row) => row.id) }];
    };
    R.firstRow = () =>
        R.run(async () => {
            const cell = ".o_data_row .o_data_cell:not(.o_list_button):not(.o_boolean_favorite_cell)";
            const node = all(`.o_kanban_record:not(.o_kanban_ghost), ${cell}`).filter(shown)[0];
            if (node?.matches("td") && document.querySelector(".o_list_view .o_list_renderer table.o_list_table.o_editable")) {
                return false;
            }
            return press(node);
        });
    R.open = (id) => R.run(() => env().services.action.switchView("form", { resId: id }));
    R.newOne = () =>
        R.run(() => press(all(".o_list_button_add, .o-kanban-button-new, .o_cp_buttons .o_list_button_add").filter(shown)[0]));

    // ---- everything that may be pressed
    const HEADER = ".o_form_statusbar .o_statusbar_buttons";
    const kinds = {
        tab: () => all(".o_form_view .o_notebook_headers .nav-link"),
        smart: () => all(".o_form_view button.oe_stat_button, .o-form-buttonbox button.oe_stat_button"),
        header: () => all(`${HEADER} button[name]`),
        body: () => all(".o_form_renderer button[name]").filter((node) => !node.closest(`${HEADER}, .o-form-buttonbox, .oe_stat_button, tbody tr:not(:first-child), .o_form_statusbar, .o-mail-Chatter`)
            && !node.closest(".o_kanban_record ~ .o_kanban_record")),
        link: () => all(".o_form_renderer a.o_form_uri, .o_form_renderer .o_external_button").filter((node) =>
            !/^(mailto|tel|sms):/.test(node.getAttribute("href") || "") && !node.closest("tbody tr:not(:first-child)")),
        row: () => all(".o_form_renderer .o_field_widget[name] tbody tr.o_data_row:first-child td.o_data_cell:not(.o_list_button)").filter((node, place, list) =>
            list.findIndex((other) => other.parentElement === node.parentElement) === place),
        chatter: () => all(".o-mail-Chatter-topbar button, .o-mail-Chatter .o-mail-Message-body a[data-oe-model], .o-mail-Chatter a.o_mail_redirect"),
        card: () => all(".o_kanban_record:not(.o_kanban_ghost) a[type], .o_kanban_record:not(.o_kanban_ghost) button[name], .o_kanban_record .oe_kanban_action").slice(0, 6),
        cell: () => all(".o_list_view tbody tr.o_data_row:first-child button[name], .o_list_view .o_control_panel_main_buttons button[name]"),
        page: () => all(".o_action_manager a[href], .o_action_manager button").filter((node) => !node.closest(".o_control_panel_navigation")),
    };
    const fieldOf = (node) => node.closest(".o_field_widget[name]")?.getAttribute("name") || "";
    const nameOf = (node, kind) =>
        ({ tab: node.getAttribute("name") || words(node), link: fieldOf(node) || words(node), row: fieldOf(node), chatter: node.className.split(" ").slice(-1)[0] + words(node) })[kind] ||
        `${fieldOf(node) ? fieldOf(node) + "." : ""}${node.getAttribute("name") || words(node)}`;
    R.things = async (wanted) => {
        // buttons that stand in a menu for want of room
        for (const more of all(`${HEADER} .dropdown-toggle, .o-form-buttonbox .o_button_more`).filter(shown)) {
            more.setAttribute("data-robot-more", "1");
        }
        const found = [];
        const mores = all("[data-robot-more]").filter(shown);
        for (const kind of wanted) {
            for (const node of kinds[kind]()) {
                if ((kind === "link" ? node.parentElement && shown(node.parentElement) : shown(node)) && !node.disabled) {
                    found.push({ kind, name: nameOf(node, kind), words: words(node), more: -1 });
                }
            }
        }
        for (let place = 0; place < mores.length; place++) {
            await press(mores[place]);
            await pause(80);
            const kind = mores[place].matches(".o_button_more") ? "smart" : "header";
            if (wanted.includes(kind)) {
                for (const node of all(".o-dropdown--menu button[name], .o_bottom_sheet button[name]").filter(shown)) {
                    if (!found.some((one) => one.kind === kind && one.name === nameOf(node, kind))) {
                        found.push({ kind, name: nameOf(node, kind), words: words(node), more: place });
                    }
                }
            }
            await closeMenus();
        }
        return found;
    };
    const closeMenus = async () => {
        for (let turn = 0; turn < 4 && all(".o-dropdown--menu, .o_popover, .o_bottom_sheet").some(shown); turn++) {
            const close = document.querySelector(".o_bottom_sheet_backdrop, .o_bottom_sheet .o_bottom_sheet_close");
            close ? click(close) : (document.activeElement || document.body).dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
            if (turn) {
                click(document.querySelector(".o_main_navbar") || document.body);
            }
            await pause(60);
        }
    };
    R.press = ({ kind, name, more }) =>
        R.run(async () => {
            let nodes;
            if (more >= 0) {
                await press(all("[data-robot-more]").filter(shown)[more]);
                await pause(80);
                nodes = all(".o-dropdown--menu button[name], .o_bottom_sheet button[name]");
            } else {
                nodes = kinds[kind]();
            }
            const node = nodes.find((one) => (kind === "link" || shown(one)) && nameOf(one, kind) === name);
            clear();
            R.before = R.state().text;
            return press(node);
        });

    // ---- the cog and print menus
    const cog = async () => {
        await closeMenus();
        const button = all(".o_cp_action_menus button").filter((node) => shown(node) && node.querySelector(".fa-cog"))[0];
        if (!button) {
            return [];
        }
        await press(button);
        await R.settle();
        const sub = all(".o-dropdown--menu .dropdown-toggle, .o_bottom_sheet .dropdown-toggle").filter((node) => shown(node) && node.querySelector(".fa-print"))[0];
        if (sub) {
            sub.dispatchEvent(new MouseEvent("mouseenter", { bubbles: false }));
            await press(sub);
            await pause(120);
        }
        return all(".o-dropdown--menu .o_menu_item, .o-dropdown--menu .dropdown-item, .o_bottom_sheet .o_menu_item")
            .filter((node, place, list) => shown(node) && !node.classList.contains("dropdown-toggle") && list.indexOf(node) === place);
    };
    R.cog = async () => {
        const found = (await cog()).map(words);
        await closeMenus();
        return found;
    };
    R.cogPress = (name) =>
        R.run(async () => {
            const node = (await cog()).find((one) => words(one) === name);
            clear();
            R.before = R.state().text;
            return press(node);
        });

    // ---- pages of customers and merchants
    R.run_nothing = () => R.run(() => true);
    R.links = () => [...new Set(all("main a[href], .o_portal_wrap a[href], header a[href]").filter((node) => node.origin === location.origin
        && /^https?:$/.test(node.protocol)).map((node) => node.pathname + node.search))];
    const pageButtons = () => all("main button, .o_portal_wrap button, main a.btn[href^='#'], input[type=submit]").filter((node) => shown(node) && !node.disabled);
    R.pageButtons = () => pageButtons().map(words);
    R.pageButton = (place) =>
        R.run(async () => {
            const node = pageButtons()[place];
            for (const input of all("textarea, input[required]:not([type=hidden])", node?.form || document.createElement("i"))) {
                input.value = input.value || "\u673a\u5668\u4eba\u5728\u6b64\u5199\u4e86\u4e00\u53e5";
            }
            return press(node);
        });

    // ---- dialogs and the way back
    R.confirm = () => R.run(() => press(all(".modal-footer button.btn-primary", dialog() || document.body).filter(shown)[0]));
    R.back = (state) =>
        R.run(async () => {
            for (let turn = 0; turn < 5 && dialog(); turn++) {
                const box = dialog();
                const footer = all(".modal-footer button", box).filter(shown);
                const close = box.querySelector(".modal-header .btn-close, .modal-header button.oi-arrow-left, .modal-header button")
                    || footer.find((node) => node.matches(".o_form_button_cancel, [special=cancel], .btn-secondary")) || footer[0];
                close && (await press(close));
                await R.settle();
            }
            await closeMenus();
            all(".o_notification .o_notification_close").forEach((node) => node.click());
            all(".o-mail-Composer-fullComposer, .o-mail-Chatter .o-mail-Composer").length && (await press(document.querySelector(".o-mail-Chatter-topbar .active")));
            const discard = all(".o_form_button_cancel").filter(shown)[0];
            if (discard && !discard.closest(".modal")) {
                await press(discard);
                await R.settle();
            }
            const action = env()?.services.action;
            if (state?.jsId && action && action.currentController?.jsId !== state.jsId) {
                await action.restore(state.jsId);
            }
        });
})();
