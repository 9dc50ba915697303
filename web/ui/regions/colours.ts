/** What regions are tinted with on the board, by their labels; what is left alone is hatched. */
export const TINTS = ['', '#3b6fe0', '#e0861a', '#2b9a57', '#c03a8a', '#7a57d1'] as const;

/** Of the tint over the photo. */
export const OPACITY = 0.45;
