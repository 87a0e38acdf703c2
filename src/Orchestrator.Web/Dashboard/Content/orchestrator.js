
/* Keeps Orchestrator's pages current while something runs, and sends commands without leaving the page. Without it, a page is
   current when it is loaded, and a command answers with a page. */
(function () {
    'use strict';

    var root = document.querySelector('[data-orchestrator]');
    if (!root) {
        return;
    }

    var config = document.getElementById('hangfireConfig');
    var interval = Math.max(500, parseInt(config && config.getAttribute('data-pollinterval'), 10) || 2000);
    var shown = {};
    var timer = null;
    var isReading = false;
    var failures = 0;

    function liveUrl() {
        var url = new URL(root.getAttribute('data-live-url') || window.location.href, window.location.href);
        url.hash = '';
        url.searchParams.set('fragment', '1');
        return url.href;
    }

    function pad(number) {
        return (number < 10 ? '0' : '') + number;
    }

    // 2026-11-28 20:05:27 +01:00: the browser's zone, and which that is.
    function localTime(time) {
        var offset = -time.getTimezoneOffset();
        var zone = Math.abs(offset);
        return time.getFullYear() + '-' + pad(time.getMonth() + 1) + '-' + pad(time.getDate())
            + ' ' + pad(time.getHours()) + ':' + pad(time.getMinutes()) + ':' + pad(time.getSeconds())
            + ' ' + (offset < 0 ? '-' : '+') + pad(Math.floor(zone / 60)) + ':' + pad(zone % 60);
    }

    function showTimes(element) {
        element.querySelectorAll('time[data-time]').forEach(function (item) {
            var time = new Date(item.getAttribute('datetime'));
            if (!isNaN(time)) {
                item.title = item.textContent;
                item.textContent = localTime(time);
            }
        });

        if (window.moment) {
            element.querySelectorAll('[data-moment]').forEach(function (item) {
                var time = window.moment(item.getAttribute('data-moment'), 'X');
                item.textContent = time.fromNow();
                item.title = time.format('llll');
            });
        }
    }

    function focusedButton(part) {
        var form = document.activeElement && document.activeElement.closest('form[data-command]');
        return form && part.contains(form) ? form.getAttribute('action') : null;
    }

    function replace(part, html) {
        var action = focusedButton(part);
        var log = part.querySelector('.orc-log');
        var isAtEnd = !log || log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
        var scroll = log ? log.scrollTop : 0;
        part.innerHTML = html;
        showTimes(part);
        log = part.querySelector('.orc-log');
        if (log) {
            log.scrollTop = isAtEnd ? log.scrollHeight : scroll;
        }

        if (action) {
            part.querySelectorAll('form[data-command]').forEach(function (form) {
                if (form.getAttribute('action') === action) {
                    form.querySelector('button').focus();
                }
            });
        }
    }

    // Only what has changed is replaced: a selection, a tooltip and a button under the pointer stay.
    function update(text) {
        var fresh = new DOMParser().parseFromString(text, 'text/html');
        var freshRoot = fresh.querySelector('[data-orchestrator]');
        if (!freshRoot) {
            return;
        }

        root.setAttribute('data-live-active', freshRoot.getAttribute('data-live-active'));
        root.querySelectorAll('[data-live]').forEach(function (part) {
            var next = freshRoot.querySelector('[id="' + part.id + '"]');
            if (next && next.innerHTML !== shown[part.id]) {
                shown[part.id] = next.innerHTML;
                replace(part, next.innerHTML);
            }
        });
    }

    function schedule() {
        clearTimeout(timer);
        if (root.getAttribute('data-live-active') === 'true' || failures > 0) {
            timer = setTimeout(read, interval * Math.pow(2, Math.min(failures, 5)));
        }
    }

    function read() {
        if (document.hidden) {
            schedule();
            return;
        }

        if (isReading) {
            return;
        }

        isReading = true;
        fetch(liveUrl(), { cache: 'no-store', credentials: 'same-origin' })
            .then(function (response) {
                if (!response.ok) {
                    throw new Error('HTTP ' + response.status);
                }

                return response.text();
            })
            .then(function (text) {
                failures = 0;
                update(text);
            })
            .catch(function () {
                failures++; // the server may be restarting: asked again, less and less often
            })
            .then(function () {
                isReading = false;
                schedule();
            });
    }

    function answer(kind, text) {
        var place = document.getElementById('orchestrator-answer');
        if (!place) {
            return;
        }

        var alert = document.createElement('div');
        alert.className = 'alert alert-' + kind;
        alert.setAttribute('role', 'status');
        alert.textContent = text;
        place.replaceChildren(alert);
    }

    function send(form) {
        var button = form.querySelector('button');
        button.disabled = true;
        var headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
        var header = document.querySelector('meta[name="csrf-header"]');
        var token = document.querySelector('meta[name="csrf-token"]');
        if (header && token) {
            headers[header.content] = token.content;
        }

        fetch(form.getAttribute('action') + '?fragment=1', {
            method: 'POST', headers: headers, credentials: 'same-origin', body: new URLSearchParams(new FormData(form)).toString()
        })
            .then(function (response) {
                return response.text().then(function (text) {
                    var said = new DOMParser().parseFromString(text, 'text/html').querySelector('#orchestrator-answer .alert, .alert');
                    if (said) {
                        answer(said.classList.contains('alert-success') ? 'success' : 'warning', said.textContent);
                    } else if (!response.ok) {
                        answer('danger', 'The server refused the command (' + response.status + '). Reload the page and try again.');
                    }
                });
            })
            .catch(function () {
                answer('danger', 'The server does not answer.');
            })
            .then(function () {
                button.disabled = false;
                clearTimeout(timer);
                read();
            });
    }

    document.addEventListener('submit', function (e) {
        var form = e.target.closest('form[data-command]');
        if (!form) {
            return;
        }

        e.preventDefault();
        var question = form.getAttribute('data-confirm');
        if (!question || window.confirm(question)) {
            send(form);
        }
    });

    document.addEventListener('visibilitychange', function () {
        if (!document.hidden) {
            schedule();
        }
    });

    // A sweep has begun or ended, as the number in the menu shows: Hangfire reads that with its own statistics.
    var active = document.querySelector('.navbar [data-metric="orchestrator:active"]');
    if (active) {
        new MutationObserver(read).observe(active, { childList: true, characterData: true, subtree: true });
    }

    showTimes(root);
    var log = root.querySelector('.orc-log');
    if (log) {
        log.scrollTop = log.scrollHeight;
    }

    schedule();
})();
