// Makes pages quicker to use. Every page works without it: forms post, links lead.
(function () {
  "use strict";
  var doc = document;

  // A question before an act that cannot be taken back, and no second press while the first is under way.
  doc.addEventListener("submit", function (event) {
    var form = event.target;
    var button = event.submitter;
    var question = (button && button.dataset.confirm) || form.dataset.confirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      return;
    }
    if (form.method !== "post") return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "1";
    // Disabling at once would drop the button's own value from what is sent.
    window.setTimeout(function () { busy(form, button, true); }, 0);
    // An answer that is a download leaves the page as it is: let the form be used again.
    window.setTimeout(function () { busy(form, button, false); }, 8000);
  });

  function busy(form, button, on) {
    if (!on) delete form.dataset.sending;
    if (!button) return;
    button.disabled = on;
    if (on && !button.dataset.label) {
      button.dataset.label = button.textContent;
      button.textContent = doc.body.dataset.working;
    } else if (!on && button.dataset.label) {
      button.textContent = button.dataset.label;
      delete button.dataset.label;
    }
  }

  // The back button shows a page as it was left: wake its buttons.
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) return;
    doc.querySelectorAll("form[data-sending]").forEach(function (form) {
      form.querySelectorAll("button").forEach(function (button) { busy(form, button, false); });
    });
  });

  // Links and GET forms with data-into="#id" put that element of the answer into this page instead of loading it whole.
  doc.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-into], [data-into] .pagination a");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    fetchInto(link.href, link.closest("[data-into]").dataset.into, true);
  });
  doc.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "get" || !form.dataset.into || event.defaultPrevented) return;
    event.preventDefault();
    fetchInto(form.action.split("?")[0] + "?" + new URLSearchParams(new FormData(form)), form.dataset.into, true);
  });
  var latest = 0;
  function fetchInto(address, into, remember) {
    var place = doc.querySelector(into);
    if (!place) { window.location = address; return; }
    var mine = ++latest;
    place.setAttribute("aria-busy", "true");
    fetch(address, { headers: { "X-Fragment": into.slice(1) }, credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok) throw new Error(answer.status);
        return answer.text();
      })
      .then(function (html) {
        if (mine !== latest) return;
        var fresh = new DOMParser().parseFromString(html, "text/html").querySelector(into);
        if (!fresh) throw new Error("no " + into);
        place.replaceWith(fresh);
        fresh.setAttribute("aria-live", "polite");
        wake(fresh);
        if (remember) window.history.replaceState(null, "", address);
      })
      // What only looks for news is tried again later; leaving the page, it must not lead back to it.
      .catch(function () { if (remember) window.location = address; else place.removeAttribute("aria-busy"); });
  }

  // What is inside an element with data-refresh="SECONDS" and an id is fetched again while the page is seen.
  doc.querySelectorAll("[data-refresh][id]").forEach(function (place) {
    window.setInterval(function () {
      if (doc.visibilityState === "visible") fetchInto(window.location.href, "#" + place.id, false);
    }, Math.max(2, Number(place.dataset.refresh)) * 1000);
  });

  // A form with data-check="#id" is looked through by the server while somebody fills it in. Only what differs is written,
  // part by part, so that the line with the role of a status is read out when it says something else.
  doc.querySelectorAll("form[data-check]").forEach(function (form) {
    var place = doc.querySelector(form.dataset.check), timer = 0, last = 0;
    form.addEventListener("input", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(check, 600);
    });
    function check() {
      var asked = new URLSearchParams(new FormData(form)), mine = ++last;
      asked.set("do", "preview");
      fetch(form.action, { method: "POST", body: asked, headers: { "X-Fragment": place.id }, credentials: "same-origin" })
        .then(function (answer) { return answer.ok ? answer.text() : ""; })
        .then(function (html) {
          var fresh = new DOMParser().parseFromString(html, "text/html").getElementById(place.id);
          if (!fresh || mine !== last) return;
          Array.from(place.children).forEach(function (part, n) {
            if (part.innerHTML !== fresh.children[n].innerHTML) part.innerHTML = fresh.children[n].innerHTML;
          });
        })
        // What was found stays as it is; the form's own button still asks.
        .catch(function () {});
    }
  });

  function wake(root) {
    // The field that narrows the rows of this page.
    root.querySelectorAll("[data-filter-rows]").forEach(function (field) {
      var rows = field.closest(".table-box").querySelectorAll("tbody tr");
      field.parentNode.hidden = false;
      field.addEventListener("input", function () {
        var words = field.value.trim().toLowerCase();
        rows.forEach(function (row) { row.hidden = row.textContent.toLowerCase().indexOf(words) < 0; });
      });
    });
    // The box that ticks all that are seen.
    root.querySelectorAll("[data-check-all]").forEach(function (all) {
      all.hidden = false;
      all.addEventListener("change", function () {
        all.closest("table").querySelectorAll("tbody tr:not([hidden]) .row-check").forEach(function (box) { box.checked = all.checked; });
      });
    });
  }
  wake(doc);

  // A page that shows what others may change is told of it while it is seen, and offers to be loaded again. One that is not
  // seen holds no connection: browsers have few of them for one site.
  var told = doc.querySelector("[data-changes]");
  if (told && window.EventSource) {
    var source = null;
    var hear = function () {
      var waits = told.hidden && doc.visibilityState === "visible";
      if (waits && !source) {
        source = new EventSource(told.dataset.changes);
        source.addEventListener("changed", function () { told.hidden = false; hear(); });
      } else if (!waits && source) {
        source.close();
        source = null;
      }
    };
    doc.addEventListener("visibilitychange", hear);
    hear();
  }

  // A faulty form starts at its summary; a link of the summary leads into the field.
  var summary = doc.querySelector("main > [data-focus], form > [data-focus]");
  if (summary) summary.focus();
  doc.addEventListener("click", function (event) {
    var link = event.target.closest(".error-summary a");
    var field = link && doc.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) return;
    event.preventDefault();
    var group = field.closest(".field");
    if (group) group.scrollIntoView();
    field.focus({ preventScroll: true });
  });

  // Paper shows what is folded.
  doc.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
  window.addEventListener("beforeprint", function () {
    doc.querySelectorAll("details:not([open])").forEach(function (box) { box.open = true; box.dataset.opened = "1"; });
  });
  window.addEventListener("afterprint", function () {
    doc.querySelectorAll("details[data-opened]").forEach(function (box) { box.open = false; delete box.dataset.opened; });
  });
})();
