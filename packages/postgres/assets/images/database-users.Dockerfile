FROM public.ecr.aws/docker/library/node:22-alpine
COPY authorities.pem.gz database-users.js /database-users/
USER 1000:1000
CMD ["node", "/database-users/database-users.js"]
