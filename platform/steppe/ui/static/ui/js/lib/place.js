// Where the phone is, always WGS-84, from WeChat or from the browser.

const LIMIT = 8000;

class NoPlace extends Error {
  constructor(why) {
    super(why);
    this.why = why; // "denied" | "unavailable"
  }
}

function found(lat, lng, accuracy, source) {
  return { lat, lng, accuracy_m: Math.round(accuracy || 0), source, crs: "wgs84", captured_at: new Date().toISOString() };
}

export function wechatPlace() {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new NoPlace("unavailable")), LIMIT);
    window.wx.getLocation({
      type: "wgs84",
      success: (got) => resolve(found(Number(got.latitude), Number(got.longitude), Number(got.accuracy), "jssdk")),
      cancel: () => reject(new NoPlace("denied")),
      fail: () => reject(new NoPlace("unavailable")),
    });
  });
}

export function browserPlace() {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) {
      reject(new NoPlace("unavailable"));
      return;
    }
    navigator.geolocation.getCurrentPosition(
      (got) => resolve(found(got.coords.latitude, got.coords.longitude, got.coords.accuracy, "browser")),
      (error) => reject(new NoPlace(error.code === 1 ? "denied" : "unavailable")),
      { enableHighAccuracy: true, timeout: LIMIT, maximumAge: 60000 },
    );
  });
}
