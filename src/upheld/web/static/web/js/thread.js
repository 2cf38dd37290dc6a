// A link to a message gives it the focus, from where j and k go on; one that is folded away is unfolded first.
{
  const follow = () => {
    if (!/^#m\d+$/.test(location.hash)) return;
    const message = document.querySelector(location.hash);
    if (message) message.focus({ preventScroll: true });
    else if (document.querySelector(".folded-messages")) {
      const whole = new URL(location);
      whole.searchParams.set("messages", "all");
      location.replace(whole);
    }
  };
  addEventListener("hashchange", follow);
  follow();
}
