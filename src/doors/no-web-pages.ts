// Keeps web pages out of a door, including those of this machine: a page that somebody has open is not a caller.
import type { NextFunction, RequestHandler, Response } from "express";
import { isAllowedPage } from "./allowed-page.ts";

/**
 * Browsers send Origin with every POST, programs never do. A picture's address comes without Origin, but says that it
 * comes from a page; it could pass for a caller that fetched an answer. What ALLOWED_ORIGINS names is let in where it may.
 */
export function noWebPages(refuse: (res: Response, next: NextFunction) => void): RequestHandler {
  return (req, res, next) => {
    const { origin, "sec-fetch-site": site = "none" } = req.headers;
    if ((origin === undefined && site === "none") || isAllowedPage(res)) return next();
    refuse(res, next);
  };
}
