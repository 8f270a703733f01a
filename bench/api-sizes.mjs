/** People of the directory that is listed, at both sides. */
export const API_PEOPLE = 200;
/** People on one page: the most that the contract's own limit allows. */
export const PAGE_SIZE = 30;
